// Sums, products, ReLU and sigmoid of whole activations, moving channels from one to another, and how many products
// this processor can do at most.
//
// No fused multiply-adds: the portable build gives the same bits as the others.
#pragma once
#include "../simd/math.h"
#include "../simd/source.h"
#include "../simd/stream.h"
#include "cpu_kernels.h"

static void add(activation_source a, activation_source b, float *y, int y_stride, long voxels, int stride,
                int rectify) {
  const int past_caches = a.at != y && b.at != y && should_stream(y, voxels * stride);
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const long i = v * stride + c;
      const vec16 sum = source_load16(&a, i, c) + source_load16(&b, i, c);
      stream_or_store(past_caches, y + v * y_stride + c, rectify ? rectified(sum) : sum);
    }
  if (past_caches) stream_fence();
}

static void add_backward(const float *dy, const float *y, gradient_target da, gradient_target db, long count) {
  for (long i = 0; i < count; i += 16) {
    vec16 g = load(dy + i);
    if (y) g = keep(load(y + i) > 0, g);
    if (da.at) store_or_add(da.at + i, g, da.accumulate);
    if (db.at) store_or_add(db.at + i, g, db.accumulate);
  }
}

static void rectify(const float *x, float *y, long count) {
  for (long i = 0; i < count; i += 16) store(y + i, rectified(load(x + i)));
}

static void leak(const float *x, float slope, float *y, long count) {
  for (long i = 0; i < count; i += 16) store(y + i, leaked(load(x + i), load(x + i), slope));
}

static void leak_backward(const float *dy, const float *y, float slope, gradient_target dx, long count) {
  for (long i = 0; i < count; i += 16) store_or_add(dx.at + i, leaked(load(y + i), load(dy + i), slope), dx.accumulate);
}

static void multiply(const float *a, const float *b, float *y, long count) {
  for (long i = 0; i < count; i += 16) store(y + i, load(a + i) * load(b + i));
}

static void multiply_backward(const float *dy, const float *a, const float *b, gradient_target da, gradient_target db,
                              long count) {
  for (long i = 0; i < count; i += 16) {
    const vec16 g = load(dy + i), left = load(a + i), right = load(b + i);
    if (da.at) store_or_add(da.at + i, g * right, da.accumulate);
    if (db.at) store_or_add(db.at + i, g * left, db.accumulate);
  }
}

static void sigmoid(const float *x, float *y, long voxels, int channels, int stride) {
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const vec16 one = splat(1.0f), value = load(x + v * stride + c);
      // exp of the negative magnitude never overflows: sigmoid(x) = 1 / (1 + e) for x >= 0, e / (1 + e) below.
      const mask16 negative = value < 0;
      const vec16 e = exp_portable(select16(negative, value, -value));
      store(y + v * stride + c, keep(first_lanes(channels - c), select16(negative, e, one) / (one + e)));
    }
}

static void sigmoid_backward(const float *dy, const float *y, gradient_target dx, long count) {
  for (long i = 0; i < count; i += 16) {
    const vec16 v = load(y + i);
    store_or_add(dx.at + i, load(dy + i) * (v * (splat(1.0f) - v)), dx.accumulate);
  }
}

static void scaled_add(const float *x, const float *a, float factor, float *y, long count) {
  for (long i = 0; i < count; i += 16) store(y + i, load(x + i) + load(a + i) * factor);
}

static void scale(const float *from, float factor, gradient_target to, long count) {
  for (long i = 0; i < count; i += 16) store_or_add(to.at + i, load(from + i) * factor, to.accumulate);
}

static double dot(const float *a, const float *b, long first, long last) {
  double8 low = {}, high = {};
  for (long i = first; i < last; i += 16) {
    const vec16 left = load(a + i), right = load(b + i);
    low += low_doubles(left) * low_doubles(right);
    high += high_doubles(left) * high_doubles(right);
  }
  return double_sum(low + high);
}

static void broadcast(const float *x, const float *m, gradient_target y, long voxels, int stride) {
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const vec16 value = load(x + c);
      store_or_add(y.at + v * stride + c, m ? value * load(m + v * stride + c) : value, y.accumulate);
    }
}

/// Blocks of channels that are summed side by side, as they lie in memory, and how many voxels ahead they are fetched.
enum { column_blocks = 4, columns_ahead = 8 };

/// Sums of `blocks` blocks of channels over some voxels of a, or of a b.
INLINE void column_sums_of(const int blocks, const float *a, const float *b, long voxels, long stride, double *sums) {
  double8 low[column_blocks] = {}, high[column_blocks] = {};
  for (long v = 0; v < voxels; v++)
    UNROLLED for (int i = 0; i < blocks; i++) {
      __builtin_prefetch(a + (v + columns_ahead) * stride + 16 * i, 0, 3);
      const vec16 left = load(a + v * stride + 16 * i);
      if (b) {
        const vec16 right = load(b + v * stride + 16 * i);
        low[i] += low_doubles(left) * low_doubles(right);
        high[i] += high_doubles(left) * high_doubles(right);
      } else {
        low[i] += low_doubles(left);
        high[i] += high_doubles(left);
      }
    }
  UNROLLED for (int i = 0; i < blocks; i++) {
    store_doubles(sums + 16 * i, low[i]);
    store_doubles(sums + 16 * i + 8, high[i]);
  }
}

static void column_sums(const float *a, const float *b, double *partials, long voxels, int stride, long first,
                        long last) {
  for (long t = first; t < last; t++) {
    const long start = t * partial_voxels, count = partial_end(t, voxels) - start;
    for (int c = 0, blocks; c < stride; c += 16 * blocks) {
      const long at = start * stride + c;
      blocks = stride - c < 16 * column_blocks ? 1 : column_blocks;
      if (blocks == 1) column_sums_of(1, a + at, b ? b + at : NULL, count, stride, partials + t * stride + c);
      else column_sums_of(column_blocks, a + at, b ? b + at : NULL, count, stride, partials + t * stride + c);
    }
  }
}

INLINE void copy_channels_of(const channel_copy k) {
  const int whole = k.channels % 16 == 0, is_aligned = k.to_stride % 16 == 0 && k.to_first % 16 == 0;
  const int past_caches = whole && is_aligned && !k.accumulate && should_stream(k.to, k.voxels * k.channels);
  for (long v = 0; v < k.voxels; v++) {
    const float *from = k.from + v * k.from_stride + k.from_first;
    float *to = k.to + v * k.to_stride + k.to_first;
    if (whole)
      for (int c = 0; c < k.channels; c += 16)
        stream_or_store(past_caches, to + c, k.accumulate ? load(to + c) + load(from + c) : load(from + c));
    else
      for (int c = 0; c < k.channels; c++) to[c] = k.accumulate ? to[c] + from[c] : from[c];
  }
  if (past_caches) stream_fence();
}

static void copy_channels(const channel_copy *k) { copy_channels_of(*k); }

// ---- A gated product

static void gated_product(const gated_product_job *j, float *y) {
  const gated_product_job n = *j;
  const int past_caches = n.a != y && n.b != y && should_stream(y, n.voxels * n.stride);
  for (long v = 0; v < n.voxels; v++)
    for (int c = 0; c < n.stride; c += 16) {
      const long i = v * n.stride + c;
      stream_or_store(past_caches, y + i, load(n.gate + c) * load(n.a + i) * load(n.b + i));
    }
  if (past_caches) stream_fence();
}

/// Gradients and sums of `blocks` blocks of channels from `c` on of a partial sum's voxels.
INLINE void gated_product_sums(const int blocks, const gated_product_job n, long start, long voxels, int c,
                               double *sums) {
  double8 low[column_blocks] = {}, high[column_blocks] = {};
  for (long v = start; v < start + voxels; v++)
    UNROLLED for (int k = 0; k < blocks; k++) {
      const long i = v * n.stride + c + 16 * k;
      const vec16 dy = load(n.dy + i), a = load(n.a + i), gate = load(n.gate + c + 16 * k), h = dy * load(n.b + i);
      low[k] += low_doubles(h) * low_doubles(a);
      high[k] += high_doubles(h) * high_doubles(a);
      if (n.da.at) store_or_add(n.da.at + i, gate * h, n.da.accumulate);
      if (n.db.at) store_or_add(n.db.at + i, dy * (gate * a), n.db.accumulate);
    }
  UNROLLED for (int k = 0; k < blocks; k++) {
    store_doubles(sums + 16 * k, low[k]);
    store_doubles(sums + 16 * k + 8, high[k]);
  }
}

static void gated_product_backward(const gated_product_job *j, double *partials, long first, long last) {
  const gated_product_job n = *j;
  for (long t = first; t < last; t++) {
    const long start = t * partial_voxels, count = partial_end(t, n.voxels) - start;
    for (int c = 0, blocks; c < n.stride; c += 16 * blocks) {
      double *sums = partials + t * n.stride + c;
      blocks = n.stride - c < 16 * column_blocks ? 1 : column_blocks;
      if (blocks == 1) gated_product_sums(1, n, start, count, c, sums);
      else gated_product_sums(column_blocks, n, start, count, c, sums);
    }
  }
}

static const arithmetic_kernels arithmetic = {
    .add = add,
    .add_backward = add_backward,
    .rectify = rectify,
    .leak = leak,
    .leak_backward = leak_backward,
    .multiply = multiply,
    .multiply_backward = multiply_backward,
    .sigmoid = sigmoid,
    .sigmoid_backward = sigmoid_backward,
    .scaled_add = scaled_add,
    .scale = scale,
    .dot = dot,
    .broadcast = broadcast,
    .column_sums = column_sums,
    .copy_channels = copy_channels,
    .gated_product = gated_product,
    .gated_product_backward = gated_product_backward,
};

// ---- The peak: independent chains of multiply-adds in registers, the only fused ones here

static double multiply_adds(long rounds, float *sink) {
  enum { chains = 16 };
  vec16 sums[chains];
  for (int k = 0; k < chains; k++) sums[k] = splat((float)k);
  const vec16 factor = splat(0.999f), term = splat(0.5f);
  for (long r = 0; r < rounds; r++) UNROLLED for (int k = 0; k < chains; k++) sums[k] = vec_fma(sums[k], factor, term);
  vec16 all = {};
  for (int k = 0; k < chains; k++) all += sums[k];
  store(sink, all);
  return (double)rounds * chains * 16;
}
