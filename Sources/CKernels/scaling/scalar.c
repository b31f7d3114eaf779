// Layer scale and attention gate by their definitions, in double.
#include "baselines.h"
#include <math.h>

static void scale_forward(const scaling_shape *s, const float *x, const float *scale, const float *shortcut, float *y,
                          long first, long last) {
  const long stored = (s->channels + 15) / 16 * 16;
  for (long v = first; v < last; v++)
    for (long c = 0; c < stored; c++) {
      const long i = v * stored + c;
      y[i] = c < s->channels ? shortcut[i] + (double)scale[c] * x[i] : 0;
    }
}

static void scale_backward(const scaling_shape *s, const float *x, const float *scale, const float *dy, float *dx,
                           int accumulate, float *partials, long first, long last) {
  const long stored = (s->channels + 15) / 16 * 16;
  for (long tile = first; tile < last; tile++) {
    const long begin = tile * BASELINE_TILE,
               end = begin + BASELINE_TILE < s->voxels ? begin + BASELINE_TILE : s->voxels;
    for (long c = 0; c < stored; c++) {
      double sum = 0;
      for (long v = begin; v < end; v++) {
        const long i = v * stored + c;
        sum += (double)dy[i] * x[i];
        dx[i] = (c < s->channels ? (double)scale[c] * dy[i] : 0) + (accumulate ? dx[i] : 0);
      }
      partials[tile * stored + c] = sum;
    }
  }
}

static double sigmoid(double a) { return 1 / (1 + exp(-a)); }

static void gate_forward(const scaling_shape *s, const float *x, const float *a, float *y, long first, long last) {
  const long stored = (s->channels + 15) / 16 * 16;
  for (long v = first; v < last; v++)
    for (long c = 0; c < stored; c++) y[v * stored + c] = x[v * stored + c] * sigmoid(a[v * 16]);
}

static void gate_backward(const scaling_shape *s, const float *x, const float *a, const float *dy, float *dx,
                          int accumulate_x, float *da, int accumulate_a, long first, long last) {
  const long stored = (s->channels + 15) / 16 * 16;
  for (long v = first; v < last; v++) {
    const double open = sigmoid(a[v * 16]);
    double sum = 0;
    for (long i = v * stored; i < (v + 1) * stored; i++) {
      sum += (double)dy[i] * x[i];
      dx[i] = dy[i] * open + (accumulate_x ? dx[i] : 0);
    }
    for (long c = 0; c < 16; c++)
      da[v * 16 + c] = (c == 0 ? open * (1 - open) * sum : 0) + (accumulate_a ? da[v * 16 + c] : 0);
  }
}

const scaling_kernels scaling_scalar = {"scalar", scale_forward, scale_backward, gate_forward, gate_backward};
