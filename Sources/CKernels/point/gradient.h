// 1x1x1 weight gradients: chunks of voxels are packed and multiplied, chunk after chunk, by the one worker that owns the
// weights (two-level sums, as in the direct kernel).
#pragma once
#include "../convolution/gradient_tile.h"
#include "gather.h"

/// The blocks that a worker's items touch.
typedef struct {
  int first_block, last_block, first_source, last_source;
} point_range;

static point_range point_range_of(const point_plan *p, long first, long last) {
  const point_place from = point_place_of(p, first), to = point_place_of(p, last - 1);
  point_range r = {from.block, to.block + 1, from.source, to.source + 1};
  if (point_splits_targets(p) && from.block != to.block) (r.first_source = 0, r.last_source = point_sources(p));
  if (!point_splits_targets(p) && from.source != to.source) (r.first_block = 0, r.last_block = point_blocks(p));
  return r;
}

/// dy of a chunk as [block][voxel][block_floats], zeros where a block has no channels.
static void point_pack_dy(const point_plan *p, const point_range *r, const float *dy, long voxels, float *packed) {
  for (int block = r->first_block; block < r->last_block; block++) {
    const int lanes = p->target_channels - block * block_floats;
    const float *from = dy + (long)block * block_floats;
    for (long v = 0; v < voxels; v++, from += p->target_channels, packed += block_floats)
      UNROLLED for (int i = 0; i < block_floats; i += VECTOR_FLOATS)
        vec_store(packed + i, i < lanes ? vec_load(from + i) : (vec)(0.0f));
  }
}

/// What stays the same while a worker sums.
typedef struct {
  const point_plan *plan;
  point_range range;
  float *sums;
  long first, last;
  int lines;                                    // asked for per item
} point_sum;

/// The items of some source blocks of a chunk.
static void point_multiply(const point_sum *s, const float *x, const float *dy, int first, int last, int voxels,
                           memory_ahead ahead[2]) {
  for (int block = s->range.first_block; block < s->range.last_block; block++)
    for (int source = first; source < last; source++) {
      const long item = point_item(s->plan, block, source);
      if (item < s->first || item >= s->last) continue;
      memory_ask(&ahead[ahead[0].rows == 0], s->lines);
      const gradient_rows rows = {
          .count = 1, .x = {x + (long)(source - first) * 16 * voxels},
          .dy = {dy + (long)(block - s->range.first_block) * block_floats * voxels}};
      for (int c = 0; c < 16; c += GRADIENT_CHANNELS)
        gradient_tile(&rows, c, 0, voxels, s->sums + (item * 16 + c) * block_floats);
    }
}

/// The part of x, or of dy, that the next chunk reads.
static memory_ahead point_ahead(const float *from, long channels, long first, long last, long voxel, long voxels) {
  return (memory_ahead){from + voxel * channels + first, channels, voxels, (int)((last - first + 15) / 16), 0};
}

static void point_gradient(const point_plan *p, const float *x, const float *dy, float *sums, long first, long last,
                           float *scratch) {
  const point_range r = point_range_of(p, first, last);
  const long xs = p->source_channels, ys = p->target_channels, y_end = (long)r.last_block * block_floats;
  const long lines = (r.last_source - r.first_source) + (r.last_block - r.first_block) * block_floats / 16;
  const point_sum s = {p, r, sums, first, last, (int)((lines * p->chunk + last - first - 1) / (last - first))};
  float *packed_dy = scratch, *packed_x = scratch + (r.last_block - r.first_block) * (long)block_floats * p->chunk;
  memset(sums + first * 16 * block_floats, 0, (last - first) * 16 * block_floats * sizeof(float));
  for (long voxel = 0; voxel < p->voxels; voxel += p->chunk) {
    const int voxels = p->voxels - voxel < p->chunk ? (int)(p->voxels - voxel) : p->chunk;
    const long next = voxel + voxels, rest = p->voxels - next < p->chunk ? p->voxels - next : p->chunk;
    memory_ahead ahead[2] = {
        point_ahead(x, xs, r.first_source * 16L, r.last_source * 16L, next, rest),
        point_ahead(dy, ys, (long)r.first_block * block_floats, y_end < ys ? y_end : ys, next, rest)};
    point_pack_dy(p, &r, dy + voxel * ys, voxels, packed_dy);
    for (int source = r.first_source; source < r.last_source; source += p->slab / 16) {
      const int end = source + p->slab / 16 < r.last_source ? source + p->slab / 16 : r.last_source;
      point_pack(x + voxel * xs + source * 16L, xs, voxels, end - source, packed_x, 16L * voxels);
      point_multiply(&s, packed_x, packed_dy, source, end, voxels, ahead);
    }
  }
}
