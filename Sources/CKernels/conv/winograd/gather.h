// Winograd forward and backward input: transform a group of windows, multiply, transform back.
#pragma once
#include "../../gemm/microkernel.h"
#include "column.h"
#include "cpu_kernels.h"
#include "weights.h"

/// The slices before the first and after the last depth stay zero, where depth taps need them, and so do channels that
/// only fill pairs.
static void winograd_clear(const winograd_plan *p, float *v) {
  const long border = (long)p->columns * (p->depth_taps / 2), rows = p->voxels + 2 * border;
  for (int product = 0; product < p->products; product++)
    for (int block = 0; block < p->source_lanes / 16; block++) {
      float *from = v + product * p->v_step + block * rows * 16;
      const int is_full = (block + 1) * 16 * lane_channels <= p->source_channels;
      memset(from, 0, (is_full ? border : rows) * 64);
      memset(from + (border + p->voxels) * 16, 0, border * 64);
    }
}

/// The products that join one sum, each with its depth taps.
static int winograd_taps(const winograd_plan *p, const float *v, const float *u, int sum, int block, tile_tap *taps) {
  int count = 0;
  for (int product = 0; product < p->products; product++) {
    if (winograd_sum_of(p, product) != sum) continue;
    for (int depth = 0; depth < p->depth_taps; depth++)
      taps[count++] = (tile_tap){.a = v + product * p->v_step + depth * (long)p->columns * 16,
                                 .b = u + (((long)block * p->products + product) * p->depth_taps + depth) *
                                              p->source_lanes * block_floats};
  }
  return count;
}

/// One sum of M of one block of target channels.
static void winograd_products_of(const winograd_plan *p, const float *v, const float *u, int sum, int block, float *m) {
  const int tiles = tile_count((int)p->voxels);
  tile_function *const *table = tile_block_table(p->target_channels - block * block_floats);
  tile_tap taps[winograd_joined * convolution_max_side];
  tile_job job = {.blocks = p->source_lanes / 16,
                  .target_step = block_floats,
                  .block_step = (p->voxels + (long)p->columns * (p->depth_taps - 1)) * 16};
  const int count = winograd_taps(p, v, u, sum, block, taps);
  for (int i = 0; i < tiles; i++) {
    const int first = tile_start(p->voxels, tiles, i), last = tile_start(p->voxels, tiles, i + 1);
    job.offset = first * 16L;
    job.target = m + sum * p->m_step + (long)first * block_floats;
    table[last - first](taps, count, &job);
  }
}

/// All channels of V of a group.
static void winograd_source_group(const winograd_plan *p, activation_source source, long group, float *v) {
  for (int run = 0; run < winograd_runs(p); run++) {
    const winograd_places places = winograd_places_of(p, group, run);
    for (int block = 0; block < p->source_channels / 16; block++) winograd_source_run(p, source, &places, block, v);
  }
}

static void winograd_target_group(const winograd_plan *p, const float *m, long group, const winograd_target *to) {
  for (int run = 0; run < winograd_runs(p); run++) {
    const winograd_places places = winograd_places_of(p, group, run);
    winograd_target_run(p, m, &places, to);
  }
}

static void winograd_gather(const winograd_plan *p, const convolution_call *call, long first, long last,
                            float *scratch) {
  const int blocks = (p->target_channels + block_floats - 1) / block_floats;
  const long m_block = p->sums * p->m_step;
  const int stream = !call->accumulate && vec_should_stream(call->target.at, winograd_target_floats(p));
  float *v = scratch, *m = scratch + p->products * p->v_step;
  winograd_clear(p, v);
  for (long item = first; item < last; item++) {
    const long group = item / p->shares;
    const int share = item % p->shares, last_block = blocks * (share + 1) / p->shares;
    if (item == first || share == 0) winograd_source_group(p, call->source, group, v);
    for (int from = blocks * share / p->shares; from < last_block; from += p->together) {
      const int end = from + p->together < last_block ? from + p->together : last_block;
      for (int sum = 0; sum < p->sums; sum++)
        for (int block = from; block < end; block++)
          winograd_products_of(p, v, call->weights, sum, block, m + (block - from) * m_block);
      for (int block = from; block < end; block++) {
        const winograd_target to = {call->finish, call->target, block, call->accumulate, stream};
        winograd_target_group(p, m + (block - from) * m_block, group, &to);
      }
    }
  }
  stream_fence();
}
