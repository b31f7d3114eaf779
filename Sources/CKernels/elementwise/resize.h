// Trilinear resize, a row at a time.
#pragma once
#include "../simd/vector.h"
#include "cpu_kernels.h"

/// row = sum of up to four source rows, weighted by depth and height.
INLINE void mix_rows(const float *const source[4], const float weight[4], float *row, long count) {
  for (long i = 0; i < count; i += 16) {
    vec16 v = load(source[0] + i) * weight[0];
    for (int k = 1; k < 4; k++)
      if (weight[k] != 0) v += load(source[k] + i) * weight[k];
    store(row + i, v);
  }
}

static void resize(const resize_shape *s, const float *x, float *y, float *row, long first, long last) {
  const long in_row = (long)s->width.in * s->stride, out_row = (long)s->width.out * s->stride;
  for (long slice = first; slice < last; slice++) {
    const long n = slice / s->depth.out, d = slice % s->depth.out;
    const float *volume = x + n * s->depth.in * s->height.in * in_row;
    const float td = s->depth.fraction[d];
    for (int h = 0; h < s->height.out; h++) {
      const float th = s->height.fraction[h];
      const int depths[2] = {s->depth.low[d], s->depth.high[d]}, heights[2] = {s->height.low[h], s->height.high[h]};
      const float *source[4];
      for (int k = 0; k < 4; k++) source[k] = volume + ((long)depths[k / 2] * s->height.in + heights[k % 2]) * in_row;
      const float weight[4] = {(1 - td) * (1 - th), (1 - td) * th, td * (1 - th), td * th};
      mix_rows(source, weight, row, in_row);
      float *out = y + (slice * s->height.out + h) * out_row;
      for (int w = 0; w < s->width.out; w++) {
        const float t = s->width.fraction[w];
        const float *left = row + (long)s->width.low[w] * s->stride, *right = row + (long)s->width.high[w] * s->stride;
        for (int c = 0; c < s->stride; c += 16)
          store(out + (long)w * s->stride + c, load(left + c) * (1 - t) + load(right + c) * t);
      }
    }
  }
}

/// row = the gradient of one output row, folded back to the input's width.
INLINE void fold_row(const resize_axis *width, int stride, const float *dy, float *row) {
  memset(row, 0, sizeof(float) * (size_t)width->in * (size_t)stride);
  for (int w = 0; w < width->out; w++) {
    const float t = width->fraction[w];
    float *left = row + (long)width->low[w] * stride, *right = row + (long)width->high[w] * stride;
    for (int c = 0; c < stride; c += 16) {
      const vec16 g = load(dy + (long)w * stride + c);
      store(left + c, load(left + c) + g * (1 - t));
      if (t != 0) store(right + c, load(right + c) + g * t);
    }
  }
}

/// to += weight row.
INLINE void add_row(const float *row, float weight, float *to, long count) {
  if (weight == 0) return;
  for (long i = 0; i < count; i += 16) store(to + i, load(to + i) + load(row + i) * weight);
}

static void resize_backward(const resize_shape *s, const float *dy, gradient_target dx, float *row, long first,
                            long last) {
  const long in_row = (long)s->width.in * s->stride, out_row = (long)s->width.out * s->stride;
  for (long slice = first; slice < last; slice++) {
    const long n = slice / s->depth.in, d = slice % s->depth.in;
    float *to = dx.at + slice * s->height.in * in_row;
    if (!dx.accumulate) memset(to, 0, sizeof(float) * (size_t)s->height.in * (size_t)in_row);
    for (int o = 0; o < s->depth.out; o++) {
      const float t = s->depth.fraction[o];
      const float share = (s->depth.low[o] == d ? 1 - t : 0) + (s->depth.high[o] == d ? t : 0);
      if (share == 0) continue;
      for (int h = 0; h < s->height.out; h++) {
        const float th = s->height.fraction[h];
        fold_row(&s->width, s->stride, dy + ((n * s->depth.out + o) * s->height.out + h) * out_row, row);
        add_row(row, share * (1 - th), to + s->height.low[h] * in_row, in_row);
        add_row(row, share * th, to + s->height.high[h] * in_row, in_row);
      }
    }
  }
}

static const resize_kernels resizing = {resize, resize_backward};
