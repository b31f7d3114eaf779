// GELU from one exponential: the normal distribution's upper tail is Q(u) = e^(-u^2/2) P(1 / (1 + 0.26 u)), u = |x|.
//
// P is the relative minimax polynomial of degree 9 for u in [0, 14] (own fit, error 5.5e-9 before rounding); below
// -13.2 the exponential is 0, and so is the result. Relative error of y below 10 units of 2^-24
// (8.1 seen over every 37th float).
#pragma once
#include "../simd/math.h"
#include "../simd/stream.h"
#include "cpu_kernels.h"

typedef struct {
  vec16 bell, distribution;  // e^(-x^2/2) and Phi(x)
} gaussian;

INLINE gaussian gauss(vec16 x) {
  static const float coefficient[10] = {-7.1669988e-06f, 0.103906617f,  0.101715386f, 0.109481759f, 0.0312071368f,
                                        0.200118288f,    -0.200812027f, 0.290982723f, -0.17051892f, 0.0339262038f};
  const vec16 size = select16(x < splat(0), -x, x);
  const vec16 u = select16(size < splat(14), size, splat(14));  // a square that overflows would not be a number
  const vec16 square = u * u, rest = vec_fma(u, u, -square);
  // e^-(square + rest)/2: without `rest`, half an ulp of a large square would be many ulps of the result.
  const vec16 start = exp_fused(square * splat(-0.5f));
  const vec16 bell = vec_fma(start * splat(-0.5f), rest, start);
  const vec16 t = splat(1) / vec_fma(u, splat(0.26f), splat(1));
  vec16 p = splat(coefficient[9]);
  for (int k = 8; k >= 0; k--) p = vec_fma(p, t, splat(coefficient[k]));
  const vec16 tail = bell * p;
  return (gaussian){bell, select16(x < splat(0), tail, splat(1) - tail)};
}

static void gelu_forward(const float *x, float *y, long first, long last) {
  const int past_caches = x != y && should_stream(y, 16 * (last - first));
  for (long i = 16 * first; i < 16 * last; i += 16) {
    const vec16 v = load(x + i), result = v * gauss(v).distribution;
    stream_or_store(past_caches, y + i, result);
  }
  if (past_caches) stream_fence();
}

static void gelu_backward(const float *x, const float *dy, gradient_target dx, long first, long last) {
  const int past_caches = !dx.accumulate && dx.at != dy && dx.at != x && should_stream(dx.at, 16 * (last - first));
  for (long i = 16 * first; i < 16 * last; i += 16) {
    const vec16 v = load(x + i);
    const gaussian g = gauss(v);
    const vec16 slope = vec_fma(v * g.bell, splat(0x1.988454p-2f), g.distribution);
    const vec16 gradient = load(dy + i) * slope;
    if (past_caches) stream(dx.at + i, gradient);
    else store_or_add(dx.at + i, gradient, dx.accumulate);
  }
  if (past_caches) stream_fence();
}

static const gelu_kernels gelu = {gelu_forward, gelu_backward};
