// Layer norm over the channels of each voxel, in two passes over a voxel that stays in the first cache.
#pragma once
#include "../simd/math.h"
#include "cpu_kernels.h"

typedef struct {
  vec16 mean, scale;
} moments;

INLINE moments measure(const layer_norm_shape *s, const float *x, long stored) {
  vec16 sum = {0}, squares = {0};
  for (long c = 0; c < stored; c += 16) sum += load(x + c);
  const vec16 mean = splat(lane_sum(sum) / s->channels);
  long c = 0;
  for (; c + 16 <= s->channels; c += 16) {
    const vec16 d = load(x + c) - mean;
    squares = vec_fma(d, d, squares);
  }
  if (c < stored) {  // the padding's (0 - mean)^2 must not count
    const vec16 d = keep(first_lanes(s->channels - c), load(x + c) - mean);
    squares = vec_fma(d, d, squares);
  }
  return (moments){mean, splat(1 / __builtin_sqrtf(lane_sum(squares) / s->channels + s->epsilon))};
}

static void layer_norm_forward(const layer_norm_shape *s, const float *x, const float *gamma, const float *beta,
                               float *y, long first, long last) {
  const long stored = stored_channels(s->channels);
  for (long v = first; v < last; v++) {
    const float *in = x + v * stored;
    const moments m = measure(s, in, stored);
    for (long c = 0; c < stored; c += 16) {
      const vec16 g = load_first(gamma + c, s->channels - c), b = load_first(beta + c, s->channels - c);
      store(y + v * stored + c, vec_fma((load(in + c) - m.mean) * m.scale, g, b));
    }
  }
}

/// dx = scale (g - mean(g) - n mean(g n)) with g = gamma dy and n the normalised x; adds to sums = [dgamma, dbeta].
INLINE void layer_norm_backward_voxel(const layer_norm_shape *s, const float *x, const float *gamma, const float *dy,
                                      float *dx, int accumulate, float *sums, long stored) {
  const moments m = measure(s, x, stored);
  vec16 plain = {0}, weighted = {0};
  for (long c = 0; c < stored; c += 16) {
    const vec16 d = load(dy + c), n = (load(x + c) - m.mean) * m.scale;
    const vec16 g = d * load_first(gamma + c, s->channels - c);
    store(sums + c, vec_fma(d, n, load(sums + c)));
    store(sums + stored + c, load(sums + stored + c) + d);
    plain += g;
    weighted = vec_fma(g, n, weighted);
  }
  const vec16 mean = splat(lane_sum(plain) / s->channels), product = splat(lane_sum(weighted) / s->channels);
  for (long c = 0; c < stored; c += 16) {
    const vec16 n = (load(x + c) - m.mean) * m.scale, g = load(dy + c) * load_first(gamma + c, s->channels - c);
    const vec16 gradient = m.scale * (g - mean - n * product);
    const vec16 real = keep(first_lanes(s->channels - c), gradient);
    store_or_add(dx + c, real, accumulate);
  }
}

static void layer_norm_backward(const layer_norm_shape *s, const float *x, const float *gamma, const float *dy,
                                gradient_target dx, float *partials, long first, long last) {
  const long stored = stored_channels(s->channels);
  for (long tile = first; tile < last; tile++) {
    const long begin = tile * partial_voxels, end = partial_end(tile, s->voxels);
    float *sums = partials + tile * 2 * stored;
    memset(sums, 0, 2 * stored * sizeof(float));
    for (long v = begin; v < end; v++)
      layer_norm_backward_voxel(s, x + v * stored, gamma, dy + v * stored, dx.at + v * stored, dx.accumulate, sums,
                                stored);
  }
}

static const layer_norm_kernels layer_norm = {layer_norm_forward, layer_norm_backward};
