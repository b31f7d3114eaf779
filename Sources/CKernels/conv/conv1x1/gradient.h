// 1x1x1 weight gradients: chunks of voxels are packed and multiplied, chunk after chunk, by the one worker that owns
// the weights (two-level sums, as in the direct kernel).
#pragma once
#include "../../gemm/outer.h"
#include "gather.h"

/// The blocks that a worker's items touch.
typedef struct {
  int first_block, last_block, first_source, last_source;
} conv1x1_range;

static conv1x1_range conv1x1_range_of(const conv1x1_plan *p, long first, long last) {
  const conv1x1_place from = conv1x1_place_of(p, first), to = conv1x1_place_of(p, last - 1);
  conv1x1_range r = {from.block, to.block + 1, from.source, to.source + 1};
  if (conv1x1_splits_targets(p) && from.block != to.block) (r.first_source = 0, r.last_source = conv1x1_sources(p));
  if (!conv1x1_splits_targets(p) && from.source != to.source) (r.first_block = 0, r.last_block = conv1x1_blocks(p));
  return r;
}

/// dy of a chunk as [block][voxel][block_floats], zeros where a block has no channels.
static void conv1x1_pack_dy(const conv1x1_plan *p, const conv1x1_range *r, const float *dy, long voxels,
                            float *packed) {
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
  const conv1x1_plan *plan;
  conv1x1_range range;
  float *sums;
  long first, last;
  int lines;  // asked for per item
} conv1x1_sum;

/// The items of some source blocks of a chunk.
static void conv1x1_multiply(const conv1x1_sum *s, const float *x, const float *dy, int first, int last, int voxels,
                             memory_ahead ahead[2]) {
  for (int block = s->range.first_block; block < s->range.last_block; block++)
    for (int source = first; source < last; source++) {
      const long item = conv1x1_item(s->plan, block, source);
      if (item < s->first || item >= s->last) continue;
      prefetch_lines(&ahead[ahead[0].rows == 0], s->lines);
      const outer_rows rows = {.count = 1,
                               .x = {x + (long)(source - first) * 16 * voxels},
                               .dy = {dy + (long)(block - s->range.first_block) * block_floats * voxels}};
      for (int c = 0; c < 16; c += outer_channels)
        outer_tile(&rows, c, 0, voxels, s->sums + (item * 16 + c) * block_floats);
    }
}

/// The part of x, or of dy, that the next chunk reads.
static memory_ahead conv1x1_ahead(const float *from, long channels, long first, long last, long voxel, long voxels) {
  return (memory_ahead){from + voxel * channels + first, channels, voxels, (int)((last - first + 15) / 16), 0};
}

static void conv1x1_gradient(const conv1x1_plan *p, const float *x, const float *dy, float *sums, long first, long last,
                             float *scratch) {
  const conv1x1_range r = conv1x1_range_of(p, first, last);
  const long xs = p->source_channels, ys = p->target_channels, y_end = (long)r.last_block * block_floats;
  const long lines = (r.last_source - r.first_source) + (r.last_block - r.first_block) * block_floats / 16;
  const conv1x1_sum s = {p, r, sums, first, last, (int)((lines * p->chunk + last - first - 1) / (last - first))};
  float *packed_dy = scratch, *packed_x = scratch + (r.last_block - r.first_block) * (long)block_floats * p->chunk;
  memset(sums + first * 16 * block_floats, 0, (last - first) * 16 * block_floats * sizeof(float));
  for (long voxel = 0; voxel < p->voxels; voxel += p->chunk) {
    const int voxels = p->voxels - voxel < p->chunk ? (int)(p->voxels - voxel) : p->chunk;
    const long next = voxel + voxels, rest = p->voxels - next < p->chunk ? p->voxels - next : p->chunk;
    memory_ahead ahead[2] = {
        conv1x1_ahead(x, xs, r.first_source * 16L, r.last_source * 16L, next, rest),
        conv1x1_ahead(dy, ys, (long)r.first_block * block_floats, y_end < ys ? y_end : ys, next, rest)};
    conv1x1_pack_dy(p, &r, dy + voxel * ys, voxels, packed_dy);
    for (int source = r.first_source; source < r.last_source; source += p->slab / 16) {
      const int end = source + p->slab / 16 < r.last_source ? source + p->slab / 16 : r.last_source;
      conv1x1_pack(x + voxel * xs + source * 16L, xs, voxels, end - source, packed_x, 16L * voxels);
      conv1x1_multiply(&s, packed_x, packed_dy, source, end, voxels, ahead);
    }
  }
}

static const conv1x1_kernels conv1x1 = {block_floats, tile_voxels, conv1x1_gather, conv1x1_gradient};
