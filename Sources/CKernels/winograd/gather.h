// Winograd forward and backward input: transform a group of windows, multiply, transform back.
#pragma once
#include "../convolution/tile_blocks.h"
#include "weights.h"

/// The slices before the first and after the last depth stay zero.
static void winograd_clear(const winograd_plan *p, float *v) {
  const long border = p->slice * (p->depth_taps / 2), rows = p->voxels + 2 * border;
  for (int product = 0; product < p->products; product++)
    for (int block = 0; block < p->source_channels / 16; block++) {
      float *from = v + product * p->v_step + block * rows * 16;
      memset(from, 0, border * 64);
      memset(from + (border + p->voxels) * 16, 0, border * 64);
    }
}

/// V of one depth of a group whose first tile row is `row`.
static void winograd_source_slice(const winograd_plan *p, const float *source, int image, int row, int d, float *v) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const long rows = p->voxels + p->slice * (p->depth_taps - 1);
  const long plane = ((long)image * p->depth + d) * p->source[0] * p->source[1] * p->source_channels;
  for (int r = 0; r < p->rows; r++)
    for (int block = 0; block < p->source_channels / 16; block++) {
      const transform_source s = {source + plane + block * 16, p->source[0], p->source[1], p->source_channels};
      float *to = v + (block * rows + (d + p->depth_taps / 2) * p->slice + (long)r * p->tiles[1]) * 16;
      for (int t = 0; t < p->tiles[1]; t++, to += 16)
        transforms[p->scheme].source(&s, (row + r) * k->step - k->offset, t * k->step - k->offset, to, p->v_step);
    }
}

/// The products that join one sum, each with its depth taps.
static int winograd_taps(const winograd_plan *p, const float *v, const float *u, int sum, int block, tile_tap *taps) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  int count = 0;
  for (int product = 0; product < p->products; product++) {
    const int i = k->join[product / k->products], j = k->join[product % k->products];
    if (i * k->sums + j != sum) continue;
    for (int depth = 0; depth < p->depth_taps; depth++)
      taps[count++] = (tile_tap){
          .a = v + product * p->v_step + depth * p->slice * 16,
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
                  .block_step = (p->voxels + p->slice * (p->depth_taps - 1)) * 16};
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

/// One block of target channels of one depth of a group, back from M.
static void winograd_target_slice(const winograd_plan *p, const float *m, const float *bias, float *target, int image,
                                  int row, int d, int block, int accumulate) {
  const int outputs = winograd_schemes[p->scheme]->outputs, channel = block * block_floats;
  const int lanes = p->target_channels - channel < block_floats ? p->target_channels - channel : block_floats;
  const long width = p->target[1], plane = ((long)image * p->depth + d) * p->target[0];
  for (int r = 0; r < p->rows; r++)
    for (int t = 0; t < p->tiles[1]; t++) {
      const int h = (row + r) * outputs, w = t * outputs;
      const float *sums = m + (d * p->slice + (long)r * p->tiles[1] + t) * block_floats;
      for (int part = 0; part < lanes; part += VECTOR_FLOATS) {
        const transform_target to = {
            target + ((plane + h) * width + w) * p->target_channels + channel + part, width * p->target_channels,
            p->target_channels, p->target[0] - h, p->target[1] - w, accumulate, bias ? bias + channel + part : NULL};
        transforms[p->scheme].target(sums + part, p->m_step, &to);
      }
    }
}

static void winograd_gather(const winograd_plan *p, const float *source, const float *u, const float *bias,
                            float *target, int accumulate, long first, long last, float *scratch) {
  float *v = scratch, *m = scratch + p->products * p->v_step;
  winograd_clear(p, v);
  for (long item = first; item < last; item++) {
    const int image = item / p->groups, row = item % p->groups * p->rows;
    for (int d = 0; d < p->depth; d++) winograd_source_slice(p, source, image, row, d, v);
    for (int block = 0; block * block_floats < p->target_channels; block++) {
      winograd_products_of(p, v, u, block, m);
      for (int d = 0; d < p->depth; d++) winograd_target_slice(p, m, bias, target, image, row, d, block, accumulate);
    }
  }
}
