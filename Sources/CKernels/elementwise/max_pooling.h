// Max pooling, sixteen channels at a time; exact, so it equals the definition bit for bit.
#pragma once
#include "../simd/source.h"
#include "cpu_kernels.h"

/// All ones where `value` takes the place of `best`: larger, or not a number.
INLINE mask16 beats(vec16 value, vec16 best) { return (value > best) | (value != value); }

static void max_pooling_forward(const max_pooling_shape *s, activation_source x, float *y, long first, long last) {
  const long rows = s->height / 2, columns = s->width / 2, row = s->width * s->stored;
  const long at[4] = {0, s->stored, row, row + s->stored};
  for (long item = first; item < last; item++) {
    const long in = (item / rows * s->height + item % rows * 2) * row;
    float *out = y + item * columns * s->stored;
    for (long w = 0; w < columns; w++)
      for (long c = 0; c < s->stored; c += 16) {
        const long window = in + 2 * w * s->stored + c;
        vec16 best = source_load16(&x, window, c);
        for (int k = 1; k < 4; k++) {
          const vec16 value = source_load16(&x, window + at[k], c);
          best = select16(beats(value, best), value, best);
        }
        store(out + w * s->stored + c, best);
      }
  }
}

/// The gradient of one window and block of channels from `c` on: dy where the value won, 0 (or what was there) elsewhere.
INLINE void scatter(const activation_source *x, long window, long c, const vec16 dy, float *dx, const long at[4],
                    int accumulate) {
  vec16 best = source_load16(x, window, c);
  mask16 won = {0};
  for (int k = 1; k < 4; k++) {
    const vec16 value = source_load16(x, window + at[k], c);
    const mask16 mask = beats(value, best);
    best = select16(mask, value, best);
    won = (mask & k) | (~mask & won);
  }
  for (int k = 0; k < 4; k++) {
    const vec16 share = keep(won == k, dy);
    store_or_add(dx + window + at[k], share, accumulate);
  }
}

static void max_pooling_backward(const max_pooling_shape *s, activation_source x, const float *dy, gradient_target dx,
                                 long first, long last) {
  const long rows = s->height / 2, columns = s->width / 2, row = s->width * s->stored;
  const long at[4] = {0, s->stored, row, row + s->stored};
  for (long item = first; item < last; item++) {
    const long h = item % rows, offset = (item / rows * s->height + 2 * h) * row;
    for (long w = 0; w < columns; w++)
      for (long c = 0; c < s->stored; c += 16) {
        const long window = offset + 2 * w * s->stored + c;
        scatter(&x, window, c, load(dy + (item * columns + w) * s->stored + c), dx.at, at, dx.accumulate);
      }
    if (dx.accumulate) continue;
    const long odd_column = (s->width & 1) * s->stored;
    for (long r = 0; r < 2; r++) memset(dx.at + offset + (r + 1) * row - odd_column, 0, odd_column * sizeof(float));
    if (h == rows - 1 && (s->height & 1)) memset(dx.at + offset + 2 * row, 0, row * sizeof(float));
  }
}

static const max_pooling_kernels max_pooling = {max_pooling_forward, max_pooling_backward};
