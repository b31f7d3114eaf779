// Layer norm over channels by its definition, in double.
#include "reference.h"
#include <math.h>

typedef struct {
  double mean, scale;  // scale = 1 / sqrt(variance + epsilon)
} moments;

static moments measure(const layer_norm_shape *s, const float *x) {
  double sum = 0, squares = 0;
  for (long c = 0; c < s->channels; c++) sum += x[c];
  const double mean = sum / s->channels;
  for (long c = 0; c < s->channels; c++) squares += (x[c] - mean) * (x[c] - mean);
  return (moments){mean, 1 / sqrt(squares / s->channels + s->epsilon)};
}

static void forward(const layer_norm_shape *s, const float *x, const float *gamma, const float *beta, float *y,
                    long first, long last) {
  const long stored = (s->channels + 15) / 16 * 16;
  for (long v = first; v < last; v++) {
    const moments m = measure(s, x + v * stored);
    for (long c = 0; c < stored; c++)
      y[v * stored + c] = c < s->channels ? (x[v * stored + c] - m.mean) * m.scale * gamma[c] + beta[c] : 0;
  }
}

/// With g = gamma dy and n the normalised x:  dx = scale (g - mean(g) - n mean(g n)).
static void backward_voxel(const layer_norm_shape *s, const float *x, const float *gamma, const float *dy, float *dx,
                           int accumulate) {
  const moments m = measure(s, x);
  double mean = 0, product = 0;
  for (long c = 0; c < s->channels; c++) {
    const double g = (double)gamma[c] * dy[c];
    mean += g / s->channels;
    product += g * (x[c] - m.mean) * m.scale / s->channels;
  }
  for (long c = 0; c < s->channels; c++) {
    const double n = (x[c] - m.mean) * m.scale;
    dx[c] = m.scale * ((double)gamma[c] * dy[c] - mean - n * product) + (accumulate ? dx[c] : 0);
  }
}

static void backward(const layer_norm_shape *s, const float *x, const float *gamma, const float *dy, gradient_target dx,
                     float *partials, long first, long last) {
  const long stored = (s->channels + 15) / 16 * 16;
  for (long tile = first; tile < last; tile++) {
    const long begin = tile * partial_voxels, end = partial_end(tile, s->voxels);
    for (long c = 0; c < stored; c++) {
      double dgamma = 0, dbeta = 0;
      for (long v = begin; v < end && c < s->channels; v++) {
        const moments m = measure(s, x + v * stored);
        dgamma += dy[v * stored + c] * (x[v * stored + c] - m.mean) * m.scale;
        dbeta += dy[v * stored + c];
      }
      partials[tile * 2 * stored + c] = dgamma;
      partials[(tile * 2 + 1) * stored + c] = dbeta;
    }
    for (long v = begin; v < end; v++) {
      backward_voxel(s, x + v * stored, gamma, dy + v * stored, dx.at + v * stored, dx.accumulate);
      for (long c = s->channels; c < stored && !dx.accumulate; c++) dx.at[v * stored + c] = 0;
    }
  }
}

const layer_norm_kernels layer_norm_reference = {forward, backward};
