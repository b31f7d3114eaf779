// Layer norm over the channels of each voxel, in two passes over a voxel that stays in the first cache.
#include "baselines.h"

typedef struct {
  lanes mean, scale;
} moments;

INLINE moments measure(const layernorm_shape *s, const float *x, long stored) {
  lanes sum = {0}, squares = {0};
  for (long c = 0; c < stored; c += LANES) sum += load(x + c);
  const lanes mean = splat(total(sum) / s->channels);
  long c = 0;
  for (; c + LANES <= s->channels; c += LANES) {
    const lanes d = load(x + c) - mean;
    squares = fused(d, d, squares);
  }
  if (c < stored) {  // the padding's (0 - mean)^2 must not count
    const lanes d = choose(first_lanes(s->channels - c), load(x + c) - mean, splat(0));
    squares = fused(d, d, squares);
  }
  return (moments){mean, splat(1 / sqrtf(total(squares) / s->channels + s->epsilon))};
}

static void forward(const layernorm_shape *s, const float *x, const float *gamma, const float *beta, float *y,
                    long first, long last) {
  const long stored = (s->channels + LANES - 1) / LANES * LANES;
  for (long v = first; v < last; v++) {
    const float *in = x + v * stored;
    const moments m = measure(s, in, stored);
    for (long c = 0; c < stored; c += LANES) {
      const lanes g = load_first(gamma + c, s->channels - c), b = load_first(beta + c, s->channels - c);
      store(y + v * stored + c, fused((load(in + c) - m.mean) * m.scale, g, b));
    }
  }
}

/// dx = scale (g - mean(g) - n mean(g n)) with g = gamma dy and n the normalised x; adds to sums = [dgamma, dbeta].
INLINE void backward_voxel(const layernorm_shape *s, const float *x, const float *gamma, const float *dy, float *dx,
                           int accumulate, float *sums, long stored) {
  const moments m = measure(s, x, stored);
  lanes plain = {0}, weighted = {0};
  for (long c = 0; c < stored; c += LANES) {
    const lanes d = load(dy + c), n = (load(x + c) - m.mean) * m.scale;
    const lanes g = d * load_first(gamma + c, s->channels - c);
    store(sums + c, fused(d, n, load(sums + c)));
    store(sums + stored + c, load(sums + stored + c) + d);
    plain += g;
    weighted = fused(g, n, weighted);
  }
  const lanes mean = splat(total(plain) / s->channels), product = splat(total(weighted) / s->channels);
  for (long c = 0; c < stored; c += LANES) {
    const lanes n = (load(x + c) - m.mean) * m.scale, g = load(dy + c) * load_first(gamma + c, s->channels - c);
    const lanes gradient = m.scale * (g - mean - n * product);
    const lanes real = choose(first_lanes(s->channels - c), gradient, splat(0));
    store(dx + c, accumulate ? load(dx + c) + real : real);
  }
}

static void backward(const layernorm_shape *s, const float *x, const float *gamma, const float *dy, float *dx,
                     int accumulate, float *partials, long first, long last) {
  const long stored = (s->channels + LANES - 1) / LANES * LANES;
  for (long tile = first; tile < last; tile++) {
    const long begin = tile * BASELINE_TILE,
               end = begin + BASELINE_TILE < s->voxels ? begin + BASELINE_TILE : s->voxels;
    float *sums = partials + tile * 2 * stored;
    memset(sums, 0, 2 * stored * sizeof(float));
    for (long v = begin; v < end; v++)
      backward_voxel(s, x + v * stored, gamma, dy + v * stored, dx + v * stored, accumulate, sums, stored);
  }
}
