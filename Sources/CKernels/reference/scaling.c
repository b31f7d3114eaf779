// Layer scale and attention gate by their definitions, in double.
#include "reference.h"
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

static void scale_backward(const scaling_shape *s, const float *x, const float *scale, const float *dy,
                           gradient_target dx, float *partials, long first, long last) {
  const long stored = (s->channels + 15) / 16 * 16;
  for (long tile = first; tile < last; tile++) {
    const long begin = tile * partial_voxels, end = partial_end(tile, s->voxels);
    for (long c = 0; c < stored; c++) {
      double sum = 0;
      for (long v = begin; v < end; v++) {
        const long i = v * stored + c;
        sum += (double)dy[i] * x[i];
        dx.at[i] = (c < s->channels ? (double)scale[c] * dy[i] : 0) + (dx.accumulate ? dx.at[i] : 0);
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

static void gate_backward(const scaling_shape *s, const float *x, const float *a, const float *dy, gradient_target dx,
                          gradient_target da, long first, long last) {
  const long stored = (s->channels + 15) / 16 * 16;
  for (long v = first; v < last; v++) {
    const double open = sigmoid(a[v * 16]);
    double sum = 0;
    for (long i = v * stored; i < (v + 1) * stored; i++) {
      sum += (double)dy[i] * x[i];
      dx.at[i] = dy[i] * open + (dx.accumulate ? dx.at[i] : 0);
    }
    for (long c = 0; c < 16; c++)
      da.at[v * 16 + c] = (c == 0 ? open * (1 - open) * sum : 0) + (da.accumulate ? da.at[v * 16 + c] : 0);
  }
}

const layer_scale_kernels layer_scale_reference = {scale_forward, scale_backward};
const gate_kernels gate_reference = {gate_forward, gate_backward};
