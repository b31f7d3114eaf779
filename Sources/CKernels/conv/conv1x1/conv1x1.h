// 1x1x1 convolutions.
//
// Forward and backward input: groups of voxels are packed slab by slab of channels, and multiplied by all weights.
// Weight gradients: chunks of voxels are packed and multiplied, chunk after chunk, by the one worker that owns the weights
// (two-level sums, as in the direct kernel).
#pragma once
#include "../../gemm/microkernel.h"
#include "../../simd/source.h"
#include "weights.h"

#define TILE_FETCHING(name, voxels) TILE_OF(name, voxels, 2, 16, 1, 16, fetch_ahead)
TILE_TABLE(tile_fetching, TILE_FETCHING)

/// Voxels, 16 channels at a time, as [channel block][voxel][16], `block_step` floats from block to block. Block after
/// block: those of one voxel would lie a power of two apart, and drive each other out of the first cache.
INLINE void conv1x1_pack_kind(const activation_norm *n, const int kind, const float *from, long step, long voxels,
                              int blocks, float *to, long block_step) {
  for (int block = 0; block < blocks; block++)
    UNROLLED for (int i = 0; i < 16; i += VECTOR_FLOATS) {
      const source_norm norm = source_norm_of(n, block * 16 + i, kind);
      for (long v = 0; v < voxels; v++)
        vec_store(to + block * block_step + v * 16 + i, source_load(from, v * step + block * 16 + i, kind, &norm));
    }
}

/// The same of voxels of a source of `channels` channels: the blocks from channel `first` on.
INLINE void conv1x1_pack(const activation_source *source, long channels, int first, int blocks, long voxel, long voxels,
                         float *to, long block_step) {
  const int last = first + blocks * 16;
  for (int channel = first, end; channel < last; channel = end) {
    const source_part part = source_part_of(source, channels, channel);
    end = source_part_end(&part, last);
    const int own = channel - part.first, count = (end - channel) / 16;
    const float *from = (const float *)part.source.at + voxel * part.channels + own;
    const activation_norm norm = activation_norm_from(part.source.norm, own);
    if (norm.scale) conv1x1_pack_kind(&norm, source_is_raw, from, part.channels, voxels, count, to, block_step);
    else conv1x1_pack_kind(&norm, 0, from, part.channels, voxels, count, to, block_step);
    to += count * block_step;
  }
}

/// What stays the same while a worker gathers.
typedef struct {
  const conv1x1_plan *plan;
  const float *packed_weights;
  const convolution_finish *finish;
  activation_target target;
  int accumulate, stream;
} conv1x1_state;

/// One slab of a group, tile after tile as [channel block][voxel][16], so that the micro-kernel reads in one stream.
static void conv1x1_pack_slab(const conv1x1_plan *p, const activation_source *source, long voxel, int voxels,
                              int channel, int slab, float *packed) {
  const int tiles = tile_count(voxels);
  for (int i = 0; i < tiles; i++) {
    const int first = tile_start(voxels, tiles, i), count = tile_start(voxels, tiles, i + 1) - first;
    conv1x1_pack(source, p->source_channels, channel, slab / 16, voxel + first, count, packed + (long)first * slab,
                 16L * count);
  }
}

/// One slab of a packed group: every block of target channels, every tile of voxels.
static void conv1x1_slab(const conv1x1_state *state, const float *packed, long voxel, int voxels, int channel,
                         memory_ahead *ahead) {
  const conv1x1_plan *p = state->plan;
  const int slab = p->source_channels - channel < p->slab ? p->source_channels - channel : p->slab;
  const int tiles = tile_count(voxels), calls = tiles * conv1x1_blocks(p);
  const int lines = (int)((ahead->voxels * (p->source_channels / 16) + calls - 1) / calls);
  tile_job job = {.blocks = slab / 16,
                  .finish = channel + slab == p->source_channels ? state->finish : NULL,
                  .stream = state->stream,
                  .ahead = ahead};
  for (int block = 0; block < conv1x1_blocks(p); block++) {
    const long first_channel = (long)block * block_floats;
    const tile_tap tap = {.a = packed,
                          .b = state->packed_weights + ((long)block * p->source_channels + channel) * block_floats};
    const int wide = p->target_channels - first_channel >= block_floats;
    tile_function *const *table = wide ? tile_fetching : tile_narrow;
    const target_part part = target_part_of(&state->target, state->accumulate, p->target_channels, first_channel);
    job.channel = first_channel;
    job.target_step = part.channels;
    job.accumulate = part.accumulate || channel > 0;
    for (int i = 0; i < tiles; i++) {
      const int first = tile_start(voxels, tiles, i), last = tile_start(voxels, tiles, i + 1);
      job.offset = (long)first * slab;
      job.block_step = (last - first) * 16L;
      job.target = part.at + (voxel + first) * part.channels + first_channel - part.first;
      prefetch_lines(ahead, lines - (wide ? slab / steps_per_line : 0));
      table[last - first](&tap, 1, &job);
    }
  }
}

static void conv1x1_gather(const conv1x1_plan *p, const convolution_call *call, long first, long last, float *scratch) {
  const long channels = p->source_channels, floats = p->voxels * p->target_channels;
  const int stream = !call->accumulate && channels <= p->slab && vec_should_stream(call->target.at, floats);
  const conv1x1_state state = {p, call->weights, call->finish, call->target, call->accumulate, stream};
  const long end = last * tile_voxels < p->voxels ? last * tile_voxels : p->voxels;
  for (long voxel = first * tile_voxels; voxel < end; voxel += p->group) {
    const int voxels = end - voxel < p->group ? (int)(end - voxel) : p->group;
    const long next = voxel + voxels, rest = end - next < p->group ? end - next : p->group;
    for (int channel = 0; channel < channels; channel += p->slab) {
      const int slab = channels - channel < p->slab ? (int)(channels - channel) : p->slab;
      const int is_last = channel + slab == channels;
      memory_ahead ahead = memory_ahead_of(&call->source, channels, 0, channels, next, is_last ? rest : 0);
      conv1x1_pack_slab(p, &call->source, voxel, voxels, channel, slab, scratch);
      conv1x1_slab(&state, scratch, voxel, voxels, channel, &ahead);
    }
  }
  stream_fence();
}

// ---- Weight gradients

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

/// `outer_tile` of one row of `high` voxels, while other memory is fetched.
static __attribute__((noinline)) void outer_tile_fetching(const outer_rows *rows, int high, float *sums,
                                                          memory_ahead *ahead) {
  outer_sum(fetch_ahead, rows, 0, 0, high, sums, ahead, 0);
}

/// What stays the same while a worker sums.
typedef struct {
  const conv1x1_plan *plan;
  conv1x1_range range;
  float *sums;
  long first, last;
  int lines;  // asked for per item
} conv1x1_sum;

/// Items first ..< last, as far as they are the worker's, in the order in which their sums lie in memory.
static void conv1x1_multiply_run(const conv1x1_sum *s, const float *x, const float *dy, int source, int voxels,
                                 long first, long last, memory_ahead ahead[2]) {
  if (first < s->first) first = s->first;
  if (last > s->last) last = s->last;
  for (long item = first; item < last; item++) {
    const conv1x1_place place = conv1x1_place_of(s->plan, item);
    memory_ahead *next = &ahead[memory_ahead_is_over(&ahead[0])];
    prefetch_lines(next, s->lines - 16 / outer_channels * voxels / steps_per_line);
    outer_rows rows = {.count = 1, .dy = {dy + (long)(place.block - s->range.first_block) * block_floats * voxels}};
    for (int c = 0; c < 16; c += outer_channels) {
      rows.x[0] = x + (long)(place.source - source) * 16 * voxels + c;
      outer_tile_fetching(&rows, voxels, s->sums + (item * 16 + c) * block_floats, next);
    }
  }
}

/// The items of some source blocks of a chunk.
static void conv1x1_multiply(const conv1x1_sum *s, const float *x, const float *dy, int first, int last, int voxels,
                             memory_ahead ahead[2]) {
  const conv1x1_plan *p = s->plan;
  const long blocks = conv1x1_blocks(p), sources = conv1x1_sources(p);
  if (!conv1x1_splits_targets(p)) {
    conv1x1_multiply_run(s, x, dy, first, voxels, first * blocks, last * blocks, ahead);
    return;
  }
  for (long block = s->range.first_block; block < s->range.last_block; block++)
    conv1x1_multiply_run(s, x, dy, first, voxels, block * sources + first, block * sources + last, ahead);
}

static void conv1x1_gradient(const conv1x1_plan *p, activation_source x, const float *dy, float *sums, long first,
                             long last, float *scratch) {
  const activation_source gradient = {.at = dy};
  const conv1x1_range r = conv1x1_range_of(p, first, last);
  const int xs = p->source_channels, ys = p->target_channels, y_end = r.last_block * block_floats;
  const long lines = (r.last_source - r.first_source) + (r.last_block - r.first_block) * block_floats / 16;
  const conv1x1_sum s = {p, r, sums, first, last, (int)((lines * p->chunk + last - first - 1) / (last - first))};
  float *packed_dy = scratch, *packed_x = scratch + (r.last_block - r.first_block) * (long)block_floats * p->chunk;
  memset(sums + first * 16 * block_floats, 0, (last - first) * 16 * block_floats * sizeof(float));
  for (long voxel = 0; voxel < p->voxels; voxel += p->chunk) {
    const int voxels = p->voxels - voxel < p->chunk ? (int)(p->voxels - voxel) : p->chunk;
    const long next = voxel + voxels, rest = p->voxels - next < p->chunk ? p->voxels - next : p->chunk;
    memory_ahead ahead[2] = {
        memory_ahead_of(&x, xs, r.first_source * 16, r.last_source * 16, next, rest),
        memory_ahead_of(&gradient, ys, r.first_block * block_floats, y_end < ys ? y_end : ys, next, rest)};
    conv1x1_pack_dy(p, &r, dy + voxel * ys, voxels, packed_dy);
    for (int source = r.first_source; source < r.last_source; source += p->slab / 16) {
      const int end = source + p->slab / 16 < r.last_source ? source + p->slab / 16 : r.last_source;
      conv1x1_pack(&x, xs, source * 16, end - source, voxel, voxels, packed_x, 16L * voxels);
      conv1x1_multiply(&s, packed_x, packed_dy, source, end, voxels, ahead);
    }
  }
}

static const conv1x1_kernels conv1x1 = {block_floats, tile_voxels, conv1x1_pack_weights, conv1x1_gather,
                                        conv1x1_gradient};
