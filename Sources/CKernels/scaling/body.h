// Layer scale (one factor per channel) and attention gate (one factor per voxel).
#include "baselines.h"

static void scale_forward(const scaling_shape *s, const float *x, const float *scale, const float *shortcut, float *y,
                          long first, long last) {
  const long stored = (s->channels + LANES - 1) / LANES * LANES;
  for (long v = first; v < last; v++)
    for (long c = 0; c < stored; c += LANES) {
      const long i = v * stored + c;
      store(y + i, fused(load_first(scale + c, s->channels - c), load(x + i), load(shortcut + i)));
    }
}

static void scale_backward(const scaling_shape *s, const float *x, const float *scale, const float *dy, float *dx,
                           int accumulate, float *partials, long first, long last) {
  const long stored = (s->channels + LANES - 1) / LANES * LANES;
  for (long tile = first; tile < last; tile++) {
    const long begin = tile * BASELINE_TILE,
               end = begin + BASELINE_TILE < s->voxels ? begin + BASELINE_TILE : s->voxels;
    float *sums = partials + tile * stored;
    memset(sums, 0, stored * sizeof(float));
    for (long v = begin; v < end; v++)
      for (long c = 0; c < stored; c += LANES) {
        const long i = v * stored + c;
        const lanes d = load(dy + i), gradient = load_first(scale + c, s->channels - c) * d;
        store(sums + c, fused(d, load(x + i), load(sums + c)));
        store(dx + i, accumulate ? load(dx + i) + gradient : gradient);
      }
  }
}

/// 1 / (1 + e^-a) without overflow: from e^-|a|.
INLINE lanes sigmoid(float a) {
  const lanes e = exponential(splat(a < 0 ? a : -a));
  return (a < 0 ? e : splat(1)) / (splat(1) + e);
}

static void gate_forward(const scaling_shape *s, const float *x, const float *a, float *y, long first, long last) {
  const long stored = (s->channels + LANES - 1) / LANES * LANES;
  for (long v = first; v < last; v++) {
    const lanes open = sigmoid(a[v * LANES]);
    for (long c = 0; c < stored; c += LANES) store(y + v * stored + c, load(x + v * stored + c) * open);
  }
}

static void gate_backward(const scaling_shape *s, const float *x, const float *a, const float *dy, float *dx,
                          int accumulate_x, float *da, int accumulate_a, long first, long last) {
  const long stored = (s->channels + LANES - 1) / LANES * LANES;
  for (long v = first; v < last; v++) {
    const lanes open = sigmoid(a[v * LANES]), closed = sigmoid(-a[v * LANES]);
    lanes sum = {0};
    for (long i = v * stored; i < (v + 1) * stored; i += LANES) {
      const lanes d = load(dy + i), gradient = d * open;
      sum = fused(d, load(x + i), sum);
      store(dx + i, accumulate_x ? load(dx + i) + gradient : gradient);
    }
    const lanes slope = choose(first_lanes(1), open * closed * splat(total(sum)), splat(0));
    store(da + v * LANES, accumulate_a ? load(da + v * LANES) + slope : slope);
  }
}
