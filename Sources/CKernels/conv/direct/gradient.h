// Weight gradients: a register tile of input channels x two vectors of output channels, summed over voxels.
//
// Every weight is summed by one worker in one order: rows of a band in registers, bands in memory (two levels, so that
// the rounding error grows with the length of a band and the number of bands, not with their product).
#pragma once
#include "../../gemm/microkernel.h"
#include "cpu_kernels.h"
#include "gather.h"

/// What stays the same while a worker sums gradients.
typedef struct {
  const convolution_gradient *plan;
  float *sums;
  const float *rows, *zeros;  // packed source rows, and a row outside the volume
  float *dy;                  // packed: [block][row of the band][column][block_floats]
  long first, last;
  long row_step;  // floats from the sums of a row of dy to those of the next; 0: all rows add to the same
} gradient_state;

/// The same for a planar source: the channels of the tile are taps, each with its own row.
static __attribute__((noinline)) void gradient_planar_tile(const float *const *x, const float *dy, int columns,
                                                           float *sums) {
  vec sum[outer_channels][2];
  UNROLLED for (int c = 0; c < outer_channels; c++) sum[c][0] = sum[c][1] = (vec)(0.0f);
  for (int v = 0; v < columns; v++, dy += block_floats) {
    const vec y0 = vec_load(dy), y1 = vec_load(dy + VECTOR_FLOATS);
    UNROLLED for (int c = 0; c < outer_channels; c++) {
      sum[c][0] = vec_fma((vec)(x[c][v]), y0, sum[c][0]);
      sum[c][1] = vec_fma((vec)(x[c][v]), y1, sum[c][1]);
    }
  }
  UNROLLED for (int c = 0; c < outer_channels; c++) UNROLLED for (int i = 0; i < 2; i++) {
    float *to = sums + c * block_floats + i * VECTOR_FLOATS;
    vec_store(to, vec_load(to) + sum[c][i]);
  }
}

/// `lanes` channels of a row of dy.
INLINE void gradient_pack_dy_row(const void *from, const int is_bfloat16, int columns, long channels, int lanes,
                                 float *to) {
  for (int v = 0; v < columns; v += outer_step, to += block_floats)
    UNROLLED for (int i = 0; i < block_floats; i += VECTOR_FLOATS) {
      const vec voxel = i < lanes ? vec_load_any(from, v * channels + i, is_bfloat16) : (vec)(0.0f);
#if LANE_PAIRS
      const int exists = i < lanes && v + 1 < columns;
      const vec next = exists ? vec_load_any(from, (v + 1) * channels + i, is_bfloat16) : (vec)(0.0f);
      vec_store(to + i, vec_zip(voxel, next));
#else
      vec_store(to + i, voxel);
#endif
    }
}

/// dy of the band's rows at depth d, for the output blocks that the worker's items need.
static void gradient_pack_dy(const gradient_state *state, const band *b, int d, activation_source dy, int groups) {
  const convolution_gather *g = &state->plan->gather;
  const int channels = state->plan->out_channels, columns = g->axes[2].targets;
  const long row = ((long)b->image * g->axes[0].targets + d) * g->axes[1].targets + b->first;
  for (int block = state->first / groups; block <= (state->last - 1) / groups; block++) {
    const long from = row * columns * channels + block * block_floats;
    float *to = state->dy + (long)block * g->rows_per_band * columns * block_floats;
    const int lanes = channels - block * block_floats < block_floats ? 16 : block_floats;
    for (int h = 0; h < b->count; h++, to += columns * block_floats) {
      const void *voxels = number_at(dy.at, from + (long)h * columns * channels, dy.is_bfloat16);
      if (dy.is_bfloat16) gradient_pack_dy_row(voxels, 1, columns, channels, lanes, to);
      else gradient_pack_dy_row(voxels, 0, columns, channels, lanes, to);
    }
  }
}

/// The rows of the band for which tap row `kh` lies inside the volume.
static outer_rows gradient_tap_rows(const gradient_state *state, const band *b, int slot, int kh, int block) {
  const convolution_gather *g = &state->plan->gather;
  outer_rows rows = {0};
  for (int h = 0; h < b->count; h++) {
    if (b->slot[h][kh] < 0) continue;
    rows.x[rows.count] = state->rows + ((long)slot * g->row_slots + b->slot[h][kh]) * g->row_floats;
    rows.dy[rows.count++] = state->dy + ((long)block * g->rows_per_band + h) * g->axes[2].targets * block_floats;
  }
  return rows;
}

/// One item: an output block x 16 input channels x one depth tap, all its h and w taps.
static void gradient_item(const gradient_state *state, const band *b, int d, long item, int groups) {
  const convolution_gather *g = &state->plan->gather;
  const int group = item % groups, channels = group / g->axes[0].kernel, kw = g->axes[2].kernel;
  const int slice = axis_source(&g->axes[0], d, group % g->axes[0].kernel);
  if (slice < 0) return;
  const int slot = band_slice_slot(b, g->axes[0].kernel, slice);
  float *sums = state->sums + item * convolution_gradient_tile(state->plan);
  for (int kh = 0; kh < g->axes[1].kernel; kh++) {
    const outer_rows rows = gradient_tap_rows(state, b, slot, kh, item / groups);
    for (int k = 0; k < kw; k++, sums += 16 * block_floats) {
      const column_tap t = axis_column_tap(&g->axes[2], 0, k);
      if (rows.count == 0 || t.low >= t.high) continue;
      // Pairs of dy start at even columns; the columns around a row of x are zero.
      const int low = outer_step > 1 ? 0 : t.low, high = outer_step > 1 ? g->axes[2].targets : t.high;
      const long plane = ((long)t.phase * g->source_channels + channels * 16) * g->columns;
      for (int c = 0; c < 16; c += outer_channels)
        outer_tile(&rows, plane + (g->left + t.shift) * 16L + c, low, high, sums + c * block_floats);
    }
  }
}

/// Where tap `tap` of a planar source reads for target row (d, first + h); taps that do not exist read zeros.
static const float *gradient_planar_row(const gradient_state *state, const band *b, int d, int h, int tap) {
  const convolution_gather *g = &state->plan->gather;
  const int kd = g->axes[0].kernel, kh = g->axes[1].kernel, kw = g->axes[2].kernel;
  if (tap >= kd * kh * kw) return state->zeros;
  const int slice = axis_source(&g->axes[0], d, tap / kw / kh), row = b->slot[h][tap / kw % kh];
  const column_tap t = axis_column_tap(&g->axes[2], 0, tap % kw);
  if (slice < 0 || row < 0 || t.low >= t.high) return state->zeros;
  return state->rows + ((long)band_slice_slot(b, kd, slice) * g->row_slots + row) * g->row_floats +
         (long)t.phase * g->columns + g->left + t.shift;
}

/// One planar item: an output block x eight taps.
static void gradient_planar_item(const gradient_state *state, const band *b, int d, long item, int groups) {
  const convolution_gather *g = &state->plan->gather;
  const int columns = g->axes[2].targets;
  float *sums = state->sums + item * convolution_gradient_tile(state->plan);
  for (int h = 0; h < b->count; h++, sums += state->row_step) {
    const float *x[8], *dy = state->dy + (item / groups * g->rows_per_band + h) * columns * block_floats;
    for (int i = 0; i < 8; i++) x[i] = gradient_planar_row(state, b, d, h, item % groups * 8 + i);
    for (int i = 0; i < 8; i += outer_channels) gradient_planar_tile(x + i, dy, columns, sums + i * block_floats);
  }
}

/// The state's items over the bands from ..< to.
static void gradient_bands(gradient_state *state, activation_source x, activation_source dy, long from, long to,
                           float *scratch) {
  const convolution_gradient *plan = state->plan;
  const convolution_gather *g = &plan->gather;
  const int planar = g->source_channels == 1, blocks = (plan->out_channels + block_floats - 1) / block_floats;
  const int groups = convolution_gradient_items(plan) / blocks;
  const long first = state->first, last = state->last;
  // Input channel blocks that the items touch; all of them when the items span output blocks.
  const int whole = first / groups != (last - 1) / groups;
  const int first_block = whole ? 0 : first % groups / g->axes[0].kernel;
  const int last_block = whole ? g->source_channels / 16 : (last - 1) % groups / g->axes[0].kernel + 1;
  for (long i = from; i < to; i++) {
    band b = band_make(g, i);
    for (int d = 0; d < g->axes[0].targets; d++, state->sums += g->rows_per_band * state->row_step) {
      pack_slices(LANE_PAIRS ? lane_voxel_pair : lane_float, g, &b, d, x, first_block, last_block, scratch);
      gradient_pack_dy(state, &b, d, dy, groups);
      for (long item = first; item < last; item++)
        if (planar) gradient_planar_item(state, &b, d, item, groups);
        else gradient_item(state, &b, d, item, groups);
    }
  }
}

/// Zero sums, and scratch memory laid out for them.
static gradient_state gradient_begin(const convolution_gradient *plan, float *sums, long count, long first, long last,
                                     float *scratch) {
  float *zeros = scratch + convolution_gather_scratch(&plan->gather);
  memset(sums + first * convolution_gradient_tile(plan), 0, count * sizeof(float));
  memset(zeros, 0, plan->gather.columns * sizeof(float));
  return (gradient_state){plan, sums, scratch, zeros, zeros + (plan->gather.columns + 15) / 16 * 16, first, last, 0};
}

static void direct_gradient(const convolution_gradient *plan, activation_source x, activation_source dy, float *sums,
                            long first, long last, float *scratch) {
  const long count = (last - first) * convolution_gradient_tile(plan);
  gradient_state state = gradient_begin(plan, sums, count, first, last, scratch);
  gradient_bands(&state, x, dy, 0, convolution_gather_items(&plan->gather), scratch);
}

static void direct_gradient_parts(const convolution_gradient *plan, activation_source x, activation_source dy,
                                  float *parts, long first, long last, float *scratch) {
  const long items = convolution_gradient_items(plan), size = items * convolution_gradient_tile(plan);
  const long count = (last - first) * convolution_gradient_band_parts(plan) * size;
  gradient_state state = gradient_begin(plan, parts, count, 0, items, scratch);
  state.row_step = size;
  gradient_bands(&state, x, dy, first, last, scratch);
}

static const direct_kernels direct = {block_floats,  tile_voxels,     LANE_PAIRS,
                                      direct_gather, direct_gradient, direct_gradient_parts};
