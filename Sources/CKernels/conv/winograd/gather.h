// Winograd forward and backward input: transform a group of windows, multiply, transform back.
#pragma once
#include "../../gemm/microkernel.h"
#include "cpu_kernels.h"
#include "fetch.h"
#include "weights.h"

// Transformed weights of many channels come from memory once a group, page by page, which the processor does not foresee.
#define TILE_LEADING(name, voxels) TILE_OF(name, voxels, 2, 16, 1, 16, fetch_weights)
TILE_TABLE(tile_leading, TILE_LEADING)

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

/// Which products join which sum: those of sum `s` are product[first[s]] ..< product[first[s + 1]], in order. A list of the
/// whole plan, because looking for them costs as much as multiplying them.
typedef struct {
  int first[winograd_most_products + 1], product[winograd_most_products];
} winograd_joins;

static void winograd_find_joins(const winograd_plan *p, winograd_joins *joins) {
  int count = 0;
  for (int sum = 0; sum < p->sums; sum++) {
    joins->first[sum] = count;
    for (int product = 0; product < p->products; product++)
      if (winograd_sum_of(p, product) == sum) joins->product[count++] = product;
  }
  joins->first[p->sums] = count;
}

/// The products that join one sum, each with its depth taps.
static int winograd_taps(const winograd_plan *p, const winograd_joins *joins, const float *v, const float *u, int sum,
                         int block, tile_tap *taps) {
  int count = 0;
  for (int join = joins->first[sum]; join < joins->first[sum + 1]; join++) {
    const int product = joins->product[join];
    for (int depth = 0; depth < p->depth_taps; depth++)
      taps[count++] = (tile_tap){.a = v + product * p->v_step + depth * (long)p->columns * 16,
                                 .b = u + (((long)block * p->products + product) * p->depth_taps + depth) *
                                              p->source_lanes * block_floats};
  }
  return count;
}

/// One sum of M of one block of target channels.
static void winograd_products_of(const winograd_plan *p, const winograd_joins *joins, const float *v, const float *u,
                                 int sum, int block, float *m) {
  const int tiles = tile_count((int)p->voxels);
  tile_function *const *table = p->target_channels - block * block_floats >= block_floats ? tile_leading : tile_narrow;
  tile_tap taps[winograd_joined * convolution_max_side];
  tile_job job = {.blocks = p->source_lanes / 16,
                  .target_step = block_floats,
                  .block_step = (p->voxels + (long)p->columns * (p->depth_taps - 1)) * 16};
  const int count = winograd_taps(p, joins, v, u, sum, block, taps);
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
  const int stream = !call->accumulate && vec_should_stream(call->target.at, winograd_target_floats(p));
  const int adds = call->accumulate && winograd_target_is_small(p);
  float *v = scratch, *m = scratch + p->products * p->v_step;
  winograd_joins joins;
  winograd_find_joins(p, &joins);
  winograd_clear(p, v);
  for (long item = first; item < last; item++) {
    const long group = item / p->shares, next = (item + 1) / p->shares;
    const int share = item % p->shares, first_block = blocks * share / p->shares;
    const int last_block = blocks * (share + 1) / p->shares, calls = (last_block - first_block) * p->sums;
    const int fetches = item + 1 < last && next != group;
    winograd_fetching source, target;
    if (item == first || share == 0) winograd_source_group(p, call->source, group, v);
    if (fetches) source = winograd_begin_fetch(p, winograd_source_operand(p, call->source), next, 0, 1);
    for (int block = first_block; block < last_block; block++) {
      if (adds) target = winograd_begin_fetch(p, winograd_target_operand(p, call->target, block), group, 0, 1);
      for (int sum = 0; sum < p->sums; sum++) {
        if (adds) winograd_fetch(p, &target, p->sums);
        if (fetches) winograd_fetch(p, &source, calls);
        winograd_products_of(p, &joins, v, call->weights, sum, block, m);
      }
      const winograd_target to = {call->finish, call->target, block, call->accumulate, stream};
      winograd_target_group(p, m, group, &to);
    }
  }
  stream_fence();
}
