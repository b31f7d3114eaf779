// Winograd forward and backward input: transform a group of windows, multiply, transform back.
#pragma once
#include "../convolution/tile_blocks.h"
#include "column.h"
#include "weights.h"

/// The slices before the first and after the last depth stay zero, where depth taps need them.
static void winograd_clear(const winograd_plan *p, float *v) {
  const long border = (long)p->columns * (p->depth_taps / 2), rows = p->voxels + 2 * border;
  for (int product = 0; product < p->products; product++)
    for (int block = 0; block < p->source_channels / 16; block++) {
      float *from = v + product * p->v_step + block * rows * 16;
      memset(from, 0, border * 64);
      memset(from + (border + p->voxels) * 16, 0, border * 64);
    }
}

/// The products that join one sum, each with its depth taps.
static int winograd_taps(const winograd_plan *p, const float *v, const float *u, int sum, int block, tile_tap *taps) {
  int count = 0;
  for (int product = 0; product < p->products; product++) {
    if (winograd_sum_of(p, product) != sum) continue;
    for (int depth = 0; depth < p->depth_taps; depth++)
      taps[count++] = (tile_tap){
          .a = v + product * p->v_step + depth * (long)p->columns * 16,
          .b = u + (((long)block * p->products + product) * p->depth_taps + depth) * p->source_channels * block_floats};
  }
  return count;
}

/// M of one block of target channels.
static void winograd_products_of(const winograd_plan *p, const float *v, const float *u, int block, float *m) {
  const int tiles = (p->voxels + TILE_VOXELS - 1) / TILE_VOXELS;
  tile_function *const *table = tile_block_table(p->target_channels - block * block_floats);
  tile_tap taps[winograd_joined * convolution_max_side];
  tile_job job = {.blocks = p->source_channels / 16, .target_step = block_floats,
                  .block_step = (p->voxels + (long)p->columns * (p->depth_taps - 1)) * 16};
  for (int sum = 0; sum < p->sums; sum++) {
    const int count = winograd_taps(p, v, u, sum, block, taps);
    for (int i = 0; i < tiles; i++) {
      const int first = tile_start(p->voxels, tiles, i), last = tile_start(p->voxels, tiles, i + 1);
      job.offset = first * 16L;
      job.target = m + sum * p->m_step + (long)first * block_floats;
      table[last - first](taps, count, &job);
    }
  }
}

static void winograd_gather(const winograd_plan *p, const float *source, const float *u, const float *bias,
                            float *target, int accumulate, long first, long last, float *scratch) {
  float *v = scratch, *m = scratch + p->products * p->v_step;
  winograd_clear(p, v);
  for (long group = first; group < last; group++) {
    for (int run = 0; run < winograd_runs(p); run++) {
      const winograd_places places = winograd_places_of(p, group, run);
      for (int block = 0; block < p->source_channels / 16; block++) winograd_source_run(p, source, &places, block, v);
    }
    for (int block = 0; block * block_floats < p->target_channels; block++) {
      winograd_products_of(p, v, u, block, m);
      const winograd_target to = {bias, target, block, accumulate};
      for (int run = 0; run < winograd_runs(p); run++) {
        const winograd_places places = winograd_places_of(p, group, run);
        winograd_target_run(p, m, &places, &to);
      }
    }
  }
}
