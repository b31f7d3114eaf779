// Layer scale (one learnt factor per channel, then the residual) and the attention gate (one factor per voxel).
#pragma once
#include "../simd/math.h"
#include "cpu_kernels.h"

static void layer_scale_forward(const scaling_shape *s, const float *x, const float *scale, const float *shortcut,
                                float *y, long first, long last) {
  const long stored = stored_channels(s->channels);
  for (long v = first; v < last; v++)
    for (long c = 0; c < stored; c += 16) {
      const long i = v * stored + c;
      store(y + i, vec_fma(load_first(scale + c, s->channels - c), load(x + i), load(shortcut + i)));
    }
}

static void layer_scale_backward(const scaling_shape *s, const float *x, const float *scale, const float *dy,
                                 gradient_target dx, float *partials, long first, long last) {
  const long stored = stored_channels(s->channels);
  for (long tile = first; tile < last; tile++) {
    const long begin = tile * partial_voxels, end = partial_end(tile, s->voxels);
    float *sums = partials + tile * stored;
    memset(sums, 0, (size_t)stored * sizeof(float));
    for (long v = begin; v < end; v++)
      for (long c = 0; c < stored; c += 16) {
        const long i = v * stored + c;
        const vec16 d = load(dy + i), gradient = load_first(scale + c, s->channels - c) * d;
        store(sums + c, vec_fma(d, load(x + i), load(sums + c)));
        store_or_add(dx.at + i, gradient, dx.accumulate);
      }
  }
}

static const layer_scale_kernels layer_scale = {layer_scale_forward, layer_scale_backward};

/// 1 / (1 + e^-a) in every lane, without overflow: from e^-|a|.
INLINE vec16 gate_of(float a) {
  const vec16 e = exp_fused(splat(a < 0 ? a : -a));
  return (a < 0 ? e : splat(1)) / (splat(1) + e);
}

static void gate_forward(const scaling_shape *s, const float *x, const float *a, float *y, long first, long last) {
  const long stored = stored_channels(s->channels);
  for (long v = first; v < last; v++) {
    const vec16 open = gate_of(a[v * 16]);
    for (long c = 0; c < stored; c += 16) store(y + v * stored + c, load(x + v * stored + c) * open);
  }
}

static void gate_backward(const scaling_shape *s, const float *x, const float *a, const float *dy, gradient_target dx,
                          gradient_target da, long first, long last) {
  const long stored = stored_channels(s->channels);
  for (long v = first; v < last; v++) {
    const vec16 open = gate_of(a[v * 16]), closed = gate_of(-a[v * 16]);
    vec16 sum = {0};
    for (long i = v * stored; i < (v + 1) * stored; i += 16) {
      const vec16 d = load(dy + i);
      sum = vec_fma(d, load(x + i), sum);
      store_or_add(dx.at + i, d * open, dx.accumulate);
    }
    const vec16 slope = keep(first_lanes(1), open * closed * splat(lane_sum(sum)));
    store_or_add(da.at + v * 16, slope, da.accumulate);
  }
}

static const gate_kernels gate = {gate_forward, gate_backward};
