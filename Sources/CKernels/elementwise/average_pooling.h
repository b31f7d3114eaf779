// Average pooling over windows of 1 or 2 voxels along each axis, stride = window, sixteen channels at a time. Sums have one
// order and are multiplied by a power of two: every instruction set gives the same bits.
#pragma once
#include "../simd/vector.h"
#include "cpu_kernels.h"

/// The first voxel of an item's first window; items are rows of the output (case, slice, row).
INLINE long average_pooling_start(const average_pooling_shape *s, long item) {
  const long rows = s->height / s->window[1], slices = s->depth / s->window[0];
  const long row = item % rows, slice = item / rows % slices, number = item / rows / slices;
  return ((number * s->depth + slice * s->window[0]) * s->height + row * s->window[1]) * s->width;
}

/// How far the window's voxels lie from its first, in floats; returns how many there are.
INLINE int average_pooling_window(const average_pooling_shape *s, long at[8]) {
  int count = 0;
  for (long i = 0; i < s->window[0]; i++)
    for (long j = 0; j < s->window[1]; j++)
      for (long k = 0; k < s->window[2]; k++) at[count++] = ((i * s->height + j) * s->width + k) * s->stored;
  return count;
}

static void average_pooling_forward(const average_pooling_shape *s, const float *x, float *y, long first, long last) {
  long at[8];
  const int count = average_pooling_window(s, at);
  const vec16 share = splat(1.0f / (float)count);
  const long columns = s->width / s->window[2];
  for (long item = first; item < last; item++) {
    const float *row = x + average_pooling_start(s, item) * s->stored;
    float *out = y + item * columns * s->stored;
    for (long w = 0; w < columns; w++)
      for (long c = 0; c < s->stored; c += 16) {
        const float *window = row + w * s->window[2] * s->stored + c;
        vec16 sum = load(window);
        for (int k = 1; k < count; k++) sum += load(window + at[k]);
        store(out + w * s->stored + c, sum * share);
      }
  }
}

static void average_pooling_backward(const average_pooling_shape *s, const float *dy, float *dx, long first, long last) {
  long at[8];
  const int count = average_pooling_window(s, at);
  const vec16 share = splat(1.0f / (float)count);
  const long columns = s->width / s->window[2];
  for (long item = first; item < last; item++) {
    float *row = dx + average_pooling_start(s, item) * s->stored;
    const float *in = dy + item * columns * s->stored;
    for (long w = 0; w < columns; w++)
      for (long c = 0; c < s->stored; c += 16) {
        float *window = row + w * s->window[2] * s->stored + c;
        const vec16 gradient = load(in + w * s->stored + c) * share;
        for (int k = 0; k < count; k++) store_or_add(window + at[k], gradient, 1);
      }
  }
}

static const average_pooling_kernels average_pooling = {average_pooling_forward, average_pooling_backward};
