// Batch and instance normalisation with an optional ReLU, leaky or not, behind it: two passes forward, two backward.
//
//     y = (x - mean) scale + shift,  scale = gamma / sqrt(variance + epsilon),  shift = beta
//
// Backward finds where the ReLU let y through by computing y again, with the forward's own expression, so y itself need
// not be kept. Each pass is written once for a constant `is_bfloat16` and compiled for x in floats and in bfloat16.
// Jobs are passed by value because a store could change what a pointer points to: every loop would read the job again.
#pragma once
#include "../simd/stream.h"
#include "cpu_kernels.h"

INLINE vec16 norm_rectified(const batch_norm_job n, vec16 y) {
  if (!n.rectify) return y;
  return n.slope == 0 ? rectified(y) : leaked(y, y, n.slope);
}

/// dy as it reaches the normalisation's own y.
INLINE vec16 norm_passed(const batch_norm_job n, vec16 y, vec16 dy) {
  if (!n.rectify) return dy;
  return n.slope == 0 ? keep(y > 0, dy) : leaked(y, dy, n.slope);
}

INLINE void batch_norm_sums_of(const batch_norm_job n, const int is_bfloat16, double *partials, long first, long last) {
  for (long t = first; t < last; t++)
    for (int c = 0; c < n.stride; c += 16) {
      const long end = partial_end(t, n.voxels);
      double8 low = {}, high = {}, low_squares = {}, high_squares = {};
      for (long v = t * partial_voxels; v < end; v++) {
        const vec16 value = load_any(n.x.at, v * n.stride + c, is_bfloat16);
        const double8 a = low_doubles(value), b = high_doubles(value);
        low += a;
        high += b;
        low_squares += a * a;
        high_squares += b * b;
      }
      double *out = partials + t * 2 * n.stride + c;
      store_doubles(out, low);
      store_doubles(out + 8, high);
      store_doubles(out + n.stride, low_squares);
      store_doubles(out + n.stride + 8, high_squares);
    }
}

static void batch_norm_sums(const batch_norm_job *n, double *partials, long first, long last) {
  if (n->x.is_bfloat16) batch_norm_sums_of(*n, 1, partials, first, last);
  else batch_norm_sums_of(*n, 0, partials, first, last);
}

INLINE void batch_norm_apply_to(const batch_norm_job n, const int is_bfloat16, float *y) {
  const int past_caches = n.x.at != y && should_stream(y, n.voxels * n.stride);
  for (long v = 0; v < n.voxels; v++)
    for (int c = 0; c < n.stride; c += 16) {
      const vec16 centred = load_any(n.x.at, v * n.stride + c, is_bfloat16) - load(n.mean + c);
      const vec16 value = centred * load(n.scale + c) + load(n.shift + c);
      stream_or_store(past_caches, y + v * n.stride + c, norm_rectified(n, value));
    }
  if (past_caches) stream_fence();
}

static void batch_norm_apply(const batch_norm_job *n, float *y) {
  if (n->x.is_bfloat16) batch_norm_apply_to(*n, 1, y);
  else batch_norm_apply_to(*n, 0, y);
}

INLINE void batch_norm_backward_sums_of(const batch_norm_job n, const int is_bfloat16, const float *dy,
                                        double *partials, long first, long last) {
  for (long t = first; t < last; t++)
    for (int c = 0; c < n.stride; c += 16) {
      const long end = partial_end(t, n.voxels);
      const vec16 mean = load(n.mean + c), scale = load(n.scale + c), shift = load(n.shift + c);
      double8 low = {}, high = {}, low_products = {}, high_products = {};
      for (long v = t * partial_voxels; v < end; v++) {
        const vec16 centred = load_any(n.x.at, v * n.stride + c, is_bfloat16) - mean;
        const vec16 g = norm_passed(n, centred * scale + shift, load(dy + v * n.stride + c));
        const double8 a = low_doubles(g), b = high_doubles(g);
        low += a;
        high += b;
        low_products += a * low_doubles(centred);
        high_products += b * high_doubles(centred);
      }
      double *out = partials + t * 2 * n.stride + c;
      store_doubles(out, low);
      store_doubles(out + 8, high);
      store_doubles(out + n.stride, low_products);
      store_doubles(out + n.stride + 8, high_products);
    }
}

static void batch_norm_backward_sums(const batch_norm_job *n, const float *dy, double *partials, long first,
                                     long last) {
  if (n->x.is_bfloat16) batch_norm_backward_sums_of(*n, 1, dy, partials, first, last);
  else batch_norm_backward_sums_of(*n, 0, dy, partials, first, last);
}

INLINE void batch_norm_backward_apply_to(const batch_norm_job n, const int is_bfloat16, const float *dy, const float *a,
                                         const float *b, void *dx, int accumulate) {
  for (long v = 0; v < n.voxels; v++)
    for (int c = 0; c < n.stride; c += 16) {
      const long i = v * n.stride + c;
      const vec16 centred = load_any(n.x.at, i, is_bfloat16) - load(n.mean + c), scale = load(n.scale + c);
      const vec16 g = norm_passed(n, centred * scale + load(n.shift + c), load(dy + i));
      const vec16 value = scale * g + load(a + c) * centred + load(b + c);
      if (is_bfloat16) store_bfloat16(dx, i, value);
      else store_or_add((float *)dx + i, value, accumulate);
    }
}

static void batch_norm_backward_apply(const batch_norm_job *n, const float *dy, const float *a, const float *b,
                                      activation_target dx, int accumulate) {
  if (n->x.is_bfloat16) batch_norm_backward_apply_to(*n, 1, dy, a, b, dx.at, 0);
  else batch_norm_backward_apply_to(*n, 0, dy, a, b, dx.at, accumulate);
}

static const batch_norm_kernels batch_norm = {batch_norm_sums, batch_norm_apply, batch_norm_backward_sums,
                                              batch_norm_backward_apply};
