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

/// Voxels whose numbers are added to the sums of one block of channels before the next block's turn. Memory is then read almost
/// in order, and the next voxels' numbers are fetched meanwhile: of dy the compiler loads what the mask of the ReLU lets
/// through, and would not begin before x is there.
enum { summed_voxels = 16 };

/// The two sums of a block of channels, `stride` doubles apart.
typedef struct {
  double8 low, high, low_products, high_products;
} norm_sums;

INLINE norm_sums norm_sums_load(const double *from, int stride, int is_first) {
  if (is_first) return (norm_sums){};
  const double *products = from + stride;
  return (norm_sums){load_doubles(from), load_doubles(from + 8), load_doubles(products), load_doubles(products + 8)};
}

INLINE void norm_sums_store(double *to, int stride, norm_sums s) {
  store_doubles(to, s.low);
  store_doubles(to + 8, s.high);
  store_doubles(to + stride, s.low_products);
  store_doubles(to + stride + 8, s.high_products);
}

/// Adds a and a b.
INLINE void norm_sums_add(norm_sums *s, vec16 a, vec16 b) {
  const double8 low = low_doubles(a), high = high_doubles(a);
  s->low += low;
  s->high += high;
  s->low_products += low * low_doubles(b);
  s->high_products += high * high_doubles(b);
}

/// Of the voxels first ..< last: x and its square, or (`dy`) what of it passes the ReLU and its product with x less its mean.
INLINE void norm_sums_of(const batch_norm_job n, const int is_bfloat16, const float *dy, int c, long first, long last,
                         norm_sums *sums) {
  const long ahead = (long)summed_voxels * n.stride;
  for (long v = first; v < last; v++) {
    const long i = v * n.stride + c;
    __builtin_prefetch(number_at(n.x.at, i + ahead, is_bfloat16));
    const vec16 value = load_any(n.x.at, i, is_bfloat16);
    if (!dy) {
      norm_sums_add(sums, value, value);
      continue;
    }
    __builtin_prefetch(dy + i + ahead);
    const vec16 centred = value - load(n.mean + c);
    const vec16 y = centred * load(n.scale + c) + load(n.shift + c);
    norm_sums_add(sums, norm_passed(n, y, load(dy + i)), centred);
  }
}

INLINE void norm_partials(const batch_norm_job n, const int is_bfloat16, const float *dy, double *partials, long first,
                          long last) {
  for (long t = first; t < last; t++) {
    const long begin = t * partial_voxels, end = partial_end(t, n.voxels);
    for (long v = begin; v < end; v += summed_voxels)
      for (int c = 0; c < n.stride; c += 16) {
        double *out = partials + t * 2 * n.stride + c;
        norm_sums sums = norm_sums_load(out, n.stride, v == begin);
        norm_sums_of(n, is_bfloat16, dy, c, v, v + summed_voxels < end ? v + summed_voxels : end, &sums);
        norm_sums_store(out, n.stride, sums);
      }
  }
}

static void batch_norm_sums(const batch_norm_job *n, double *partials, long first, long last) {
  if (n->x.is_bfloat16) norm_partials(*n, 1, NULL, partials, first, last);
  else norm_partials(*n, 0, NULL, partials, first, last);
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

static void batch_norm_backward_sums(const batch_norm_job *n, const float *dy, double *partials, long first,
                                     long last) {
  if (n->x.is_bfloat16) norm_partials(*n, 1, dy, partials, first, last);
  else norm_partials(*n, 0, dy, partials, first, last);
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
