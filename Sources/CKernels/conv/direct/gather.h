// Direct forward convolution and backward input: one gathering sum, band by band.
#pragma once
#include "../../gemm/microkernel.h"
#include "cpu_kernels.h"
#include "pack.h"

// A planar source: one channel, no blocks.
#define TILE_PLANAR(name, voxels) TILE(name, voxels, 2, 1, 1, 1)
#define TILE_PLANAR_NARROW(name, voxels) TILE(name, voxels, 1, 1, 1, 1)
TILE_TABLE(tile_planar, TILE_PLANAR)
#if VECTOR_FLOATS == 16
TILE_TABLE(tile_planar_narrow, TILE_PLANAR_NARROW)
#else
#define tile_planar_narrow tile_planar
#endif

INLINE tile_function *const *tile_planar_table(int lanes) {
  return lanes < block_floats ? tile_planar_narrow : tile_planar;
}

/// What stays the same while a worker gathers.
typedef struct {
  const convolution_gather *plan;
  const float *packed_weights;
  const convolution_finish *finish;
  const float *rows;  // packed
  activation_target target;
  int accumulate, stream;
} gather_state;

/// The taps that exist for target row (d, first + h) of the band and one column class.
static int gather_taps(const gather_state *state, const band *b, int d, int h, int class, int block, tile_tap *taps) {
  const convolution_gather *g = state->plan;
  const convolution_axis *axes = g->axes;
  const int kd = axes[0].kernel, kh = axes[1].kernel, kw = axes[2].kernel, step = g->source_channels == 1 ? 1 : 16;
  int count = 0;
  for (int i = 0; i < kd * kh; i++) {
    const int slice = axis_source(&axes[0], d, i / kh), row = b->slot[h][i % kh];
    if (slice < 0 || row < 0) continue;
    const float *a = state->rows + ((long)band_slice_slot(b, kd, slice) * g->row_slots + row) * g->row_floats;
    for (int k = 0; k < kw; k++) {
      const column_tap t = axis_column_tap(&axes[2], class, k);
      if (t.low >= t.high) continue;
      const long tap = ((long)block * kd * kh + i) * kw + k;
      taps[count++] = (tile_tap){a + (long)t.phase * g->packed_channels * g->columns + (g->left + t.shift) * step,
                                 state->packed_weights + tap * g->packed_channels * block_floats, t.low, t.high};
    }
  }
  return count;
}

/// The taps that reach a target column in first ..< last.
static int gather_reaching(const tile_tap *taps, int count, int first, int last, tile_tap *reaching) {
  int kept = 0;
  for (int i = 0; i < count; i++)
    if (first < taps[i].high && last > taps[i].low) reaching[kept++] = taps[i];
  return kept;
}

/// One target row, one column class, one block of target channels.
static void gather_row(const gather_state *state, const band *b, int d, int h, int class, int block) {
  const convolution_gather *g = state->plan;
  const convolution_axis *a = &g->axes[2];
  const int planar = g->source_channels == 1, classes = axis_classes(a), columns = axis_class_count(a, class);
  const int tiles = (columns + g->tile - 1) / g->tile, channel = block * block_floats;
  tile_tap taps[convolution_max_taps], reaching[convolution_max_taps];
  const int count = gather_taps(state, b, d, h, class, block, taps);
  const long row = ((long)b->image * g->axes[0].targets + d) * g->axes[1].targets + b->first + h;
  const target_part part = target_part_of(&state->target, state->accumulate, g->target_channels, channel);
  tile_job job = {.blocks = planar ? 1 : g->packed_channels / 16,
                  .block_step = 16L * g->columns,
                  .finish = state->finish,
                  .channel = channel,
                  .accumulate = part.accumulate,
                  .stream = state->stream,
                  .is_bfloat16 = state->target.is_bfloat16,
                  .target_step = (long)classes * part.channels};
  const int lanes = g->target_channels - channel;
  tile_function *const *table = planar ? tile_planar_table(lanes) : tile_block_table(lanes);
  for (int i = 0; i < tiles; i++) {
    const int first = tile_start(columns, tiles, i), last = tile_start(columns, tiles, i + 1);
    const int kept = gather_reaching(taps, count, first, last, reaching);
    job.offset = (long)first * (planar ? 1 : 16);
    const long voxel = row * a->targets + first * classes + class;
    job.target = number_at(part.at, voxel * part.channels + channel - part.first, job.is_bfloat16);
    table[last - first](reaching, kept, &job);
  }
}

static void gather_slice(const gather_state *state, const band *b, int d) {
  const convolution_gather *g = state->plan;
  for (int block = 0; block * block_floats < g->target_channels; block++)
    for (int h = 0; h < b->count; h++)
      for (int class = 0; class < axis_classes(&g->axes[2]); class ++) gather_row(state, b, d, h, class, block);
}

/// bfloat16 numbers are streamed only where every block of channels is a whole cache line.
static int gather_streams(const convolution_gather *g, activation_target target) {
  const long voxels = (long)g->batch * g->axes[0].targets * g->axes[1].targets * g->axes[2].targets;
  if (!target.is_bfloat16) return vec_should_stream(target.at, voxels * g->target_channels);
  return g->target_channels % block_floats == 0 && vec_should_stream(target.at, voxels * g->target_channels / 2);
}

static void direct_gather(const convolution_gather *g, const convolution_call *call, long first, long last,
                          float *scratch) {
  const int stream = !call->accumulate && gather_streams(g, call->target);
  const gather_state state = {g, call->weights, call->finish, scratch, call->target, call->accumulate, stream};
  const packed_lane lane = LANE_PAIRS ? lane_channel_pair : lane_float;
  const int stride = g->axes[0].dilation;
  for (long item = first; item < last; item++) {
    band b = band_make(g, item);
    // Depths a dilation apart share slices, so that order packs each slice once.
    for (int start = 0; start < stride; start++)
      for (int d = start; d < g->axes[0].targets; d += stride) {
        pack_slices(lane, g, &b, d, call->source, 0, g->packed_channels / 16, scratch);
        gather_slice(&state, &b, d);
      }
  }
  stream_fence();
}
