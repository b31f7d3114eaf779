// Winograd weight gradients: dU = V^T M group by group, where M is dy transformed by the output matrix's transpose.
#pragma once
#include "../convolution/gradient_tile.h"
#include "gather.h"

/// M of dy for one depth of a group.
static void winograd_dy_slice(const winograd_plan *p, const float *dy, int image, int row, int d, float *m) {
  const int outputs = winograd_schemes[p->scheme]->outputs, channels = p->target_channels;
  const long plane = ((long)image * p->depth + d) * p->target[0] * p->target[1] * channels;
  for (int channel = 0; channel < channels; channel += 16) {
    const transform_source s = {dy + plane + channel, p->target[0], p->target[1], channels};
    float *to = m + channel / block_floats * p->sums * p->m_step + d * p->slice * block_floats + channel % block_floats;
    for (int r = 0; r < p->rows; r++)
      for (int t = 0; t < p->tiles[1]; t++, to += block_floats)
        transforms[p->scheme].dy(&s, (row + r) * outputs, t * outputs, to, p->m_step);
  }
}

/// V and M of a group, depths first ..< last.
static void winograd_transform(const winograd_plan *p, const float *x, const float *dy, long group, float *v, float *m,
                               long first, long last) {
  const int image = group / p->groups, row = group % p->groups * p->rows;
  for (int d = first; d < last; d++) {
    winograd_source_slice(p, x, image, row, d, v);
    winograd_dy_slice(p, dy, image, row, d, m);
  }
}

/// dU of the items (product, output block, depth tap) first ..< last; the first group starts them from zero.
static void winograd_multiply(const winograd_plan *p, const float *v, const float *m, int is_first, float *du,
                              long first, long last) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int channels = p->source_channels, blocks = (p->target_channels + block_floats - 1) / block_floats;
  const long rows = p->voxels + p->slice * (p->depth_taps - 1);
  for (long item = first; item < last; item++) {
    const int depth = item % p->depth_taps, block = item / p->depth_taps % blocks;
    const int product = item / p->depth_taps / blocks;
    const int sum = k->join[product / k->products] * k->sums + k->join[product % k->products];
    float *to = du + (((long)block * p->products + product) * p->depth_taps + depth) * channels * block_floats;
    if (is_first) memset(to, 0, channels * sizeof(float) * block_floats);
    gradient_rows tile = {.count = 1, .dy = {m + ((long)block * p->sums + sum) * p->m_step}};
    for (int c = 0; c < channels; c += GRADIENT_CHANNELS) {
      tile.x[0] = v + product * p->v_step + (c / 16 * rows + depth * p->slice) * 16 + c % 16;
      gradient_tile(&tile, 0, 0, p->voxels, to + (long)c * block_floats);
    }
  }
}
