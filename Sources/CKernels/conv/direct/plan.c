// Plans, sizes and packed weights of the direct kernels; nothing here depends on the instruction set.
#include "band.h"

static int padded(int channels) { return (channels + 15) / 16 * 16; }
static int blocks(int channels, int block) { return (padded(channels) + block - 1) / block; }

static void plan_columns(convolution_gather *g) {
  const convolution_axis *a = &g->axes[2];
  int right = axis_phase_count(a, 0);
  for (int class = 0; class < axis_classes(a); class++)
    for (int k = 0; k < a->kernel; k++) {
      const column_tap t = axis_column_tap(a, class, k);
      if (t.low >= t.high) continue;
      const int end = axis_class_count(a, class) + t.shift;
      if (-t.shift > g->left) g->left = -t.shift;
      if (end > right) right = end;
    }
  g->columns = g->left + right;
  g->row_floats = ((long)g->packed_channels * g->columns * axis_phases(a) + 15) / 16 * 16;
}

static void plan_bands(convolution_gather *g, int rows) {
  g->rows_per_band = rows;
  g->bands = (g->axes[1].targets + rows - 1) / rows;
  g->row_slots = 0;
  for (int i = 0; i < g->bands; i++) {
    const band b = band_make(g, i);
    if (b.rows > g->row_slots) g->row_slots = b.rows;
  }
}

/// Bands as high as the second-level cache allows, but four for every worker, if there are so many.
static void choose_bands(convolution_gather *g, int workers) {
  const long cache_floats = 96 << 10;
  for (int rows = convolution_max_band; rows >= 1; rows /= 2) {
    plan_bands(g, rows);
    const int fits = convolution_gather_scratch(g) <= cache_floats;
    const long least = rows <= 2 ? workers : 4L * workers;
    if (fits && convolution_gather_items(g) >= least) return;
  }
}

convolution_gather convolution_gather_plan(const convolution_shape *s, int backward, int pairs, int tile, int workers) {
  convolution_gather g = {.batch = s->batch, .pairs = pairs, .tile = tile};
  const int channels = s->planar ? 1 : padded(s->channels);
  g.source_channels = backward ? padded(s->out_channels) : channels;
  g.target_channels = backward ? channels : padded(s->out_channels);
  g.packed_channels = pairs ? (g.source_channels + 31) / 32 * 16 : g.source_channels;
  for (int i = 0; i < 3; i++)
    g.axes[i] = (convolution_axis){backward ? s->out[i] : s->in[i],
                                   backward ? s->in[i] : s->out[i],
                                   s->kernel[i],
                                   s->stride[i],
                                   s->dilation[i],
                                   backward};
  // A short tile lets a widely dilated tap be skipped for more of the row.
  if (s->dilation[2] >= 8 && tile > 8) g.tile = 8;
  plan_columns(&g);
  choose_bands(&g, workers);
  return g;
}

long convolution_gather_items(const convolution_gather *g) { return (long)g->batch * g->bands; }

long convolution_gather_scratch(const convolution_gather *g) {
  return g->row_floats * g->row_slots * g->axes[0].kernel;
}

convolution_gradient convolution_gradient_plan(const convolution_shape *s, int block) {
  return (convolution_gradient){convolution_gather_plan(s, 0, 0, 1, 1), block, padded(s->out_channels)};
}

static int gradient_taps(const convolution_gradient *g) { return g->gather.axes[1].kernel * g->gather.axes[2].kernel; }

/// Groups of input channels, or of a planar input's taps, times the depth taps that a group does not hold itself.
static int gradient_groups(const convolution_gradient *g) {
  const int depth = g->gather.axes[0].kernel;
  if (g->gather.source_channels == 1) return (depth * gradient_taps(g) + 7) / 8;
  return g->gather.source_channels / 16 * depth;
}

long convolution_gradient_items(const convolution_gradient *g) {
  return (long)blocks(g->out_channels, g->block) * gradient_groups(g);
}

long convolution_gradient_tile(const convolution_gradient *g) {
  return (g->gather.source_channels == 1 ? 8L : 16L * gradient_taps(g)) * g->block;
}

long convolution_gradient_band_parts(const convolution_gradient *g) {
  return (long)g->gather.axes[0].targets * g->gather.rows_per_band;
}

long convolution_gradient_scratch(const convolution_gradient *g) {
  const convolution_gather *p = &g->gather;
  const long dy = (long)p->rows_per_band * p->axes[2].targets * blocks(g->out_channels, g->block) * g->block;
  return convolution_gather_scratch(p) + p->columns + 15 + dy;
}

void convolution_unpack_gradient(const convolution_shape *s, const convolution_gradient *g, const float *sums,
                                 float *dweights, long first, long last) {
  const int depth = s->kernel[0], plane = gradient_taps(g), groups = gradient_groups(g);
  const int width = s->planar ? 8 : 16 * plane;
  for (long item = first; item < last; item++)
    for (int row = 0; row < width; row++) {
      // A row of a tile is (h and w tap, input channel), or simply a tap of a planar input.
      const int group = item % groups;
      const int i = s->planar ? 0 : group / depth * 16 + row % 16;
      const int tap = s->planar ? group * 8 + row : group % depth * plane + row / 16;
      if (i >= s->channels || tap >= depth * plane) continue;
      const float *from = sums + item * convolution_gradient_tile(g) + (long)row * g->block;
      for (int lane = 0; lane < g->block; lane++) {
        const long o = item / groups * g->block + lane;
        if (o < s->out_channels) dweights[(o * s->channels + i) * depth * plane + tap] = from[lane];
      }
    }
}

// ---- Weights from PyTorch's layout into the order in which the micro-kernel reads them

long convolution_pack_items(const convolution_gather *g, int block) {
  return (long)((g->target_channels + block - 1) / block) * g->packed_channels;
}

long convolution_packed_floats(const convolution_gather *g, int block) {
  return convolution_pack_items(g, block) * g->axes[0].kernel * g->axes[1].kernel * g->axes[2].kernel * block;
}

/// Two weights in the place of a float, the first in the low half.
static float bfloat16_pair(float first, float second) {
  const uint32_t bits = bfloat16_bits(first) | bfloat16_bits(second) << 16;
  float pair;
  memcpy(&pair, &bits, sizeof pair);
  return pair;
}

void convolution_pack_weights(const convolution_shape *s, const convolution_gather *g, int block, const float *weights,
                              float *packed, long first, long last) {
  const int backward = g->axes[0].backward, taps = s->kernel[0] * s->kernel[1] * s->kernel[2], step = g->pairs ? 2 : 1;
  const int targets = backward ? s->channels : s->out_channels, sources = backward ? s->out_channels : s->channels;
  const long target_stride = backward ? taps : (long)s->channels * taps;
  const long source_stride = backward ? (long)s->channels * taps : taps;
  for (long item = first; item < last; item++) {
    const int c = item % g->packed_channels * step, target = item / g->packed_channels * block;
    int lanes = targets - target < block ? targets - target : block;
    if (c >= sources || lanes < 0) lanes = 0;
    const float *from = weights + target * target_stride + c * source_stride;
    for (int tap = 0; tap < taps; tap++, from++) {
      float *to = packed + ((item / g->packed_channels * taps + tap) * g->packed_channels + c / step) * block;
      for (int lane = 0; lane < lanes; lane++) {
        const float *weight = from + lane * target_stride;
        to[lane] = g->pairs ? bfloat16_pair(*weight, c + 1 < sources ? weight[source_stride] : 0) : *weight;
      }
      for (int lane = lanes; lane < block; lane++) to[lane] = 0;
    }
  }
}
