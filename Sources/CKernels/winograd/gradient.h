// Winograd weight gradients: dU = V^T M group by group, where M is dy transformed by the output matrix's transpose.
#pragma once
#include "../convolution/gradient_tile.h"
#include "gather.h"

/// V and M of a group, items (run of columns, channel block) first ..< last.
static void winograd_transform(const winograd_plan *p, const float *x, activation_source dy, long group, float *v,
                               float *m, long first, long last) {
  const int blocks = winograd_transform_blocks(p);
  for (long item = first; item < last; item++) {
    const winograd_places places = winograd_places_of(p, group, item / blocks);
    const int block = item % blocks;
    if (block * 16 < p->source_channels) winograd_source_run(p, (activation_source){x, 0}, &places, block, v);
    if (block * 16 < p->target_channels) winograd_dy_run(p, dy, &places, block, m);
  }
}

/// dU of the items (product, output block, depth tap) first ..< last; the first group starts them from zero.
static void winograd_multiply(const winograd_plan *p, const float *v, const float *m, int is_first, float *du,
                              long first, long last) {
  const int channels = p->source_channels, blocks = (p->target_channels + block_floats - 1) / block_floats;
  const long rows = p->voxels + (long)p->columns * (p->depth_taps - 1);
  for (long item = first; item < last; item++) {
    const int depth = item % p->depth_taps, block = item / p->depth_taps % blocks;
    const int product = item / p->depth_taps / blocks;
    const int sum = winograd_sum_of(p, product);
    float *to = du + (((long)block * p->products + product) * p->depth_taps + depth) * channels * block_floats;
    if (is_first) memset(to, 0, channels * sizeof(float) * block_floats);
    gradient_rows tile = {.count = 1, .dy = {m + ((long)block * p->sums + sum) * p->m_step}};
    for (int c = 0; c < channels; c += GRADIENT_CHANNELS) {
      tile.x[0] = v + product * p->v_step + (c / 16 * rows + depth * (long)p->columns) * 16 + c % 16;
      gradient_tile(&tile, 0, 0, p->voxels, to + (long)c * block_floats);
    }
  }
}
