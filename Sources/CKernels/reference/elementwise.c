// The definitions of elementwise kernels, layer norm and max pooling, in double; formulas are in elementwise.h.
#include "reference.h"
#include <math.h>

// ---- GELU

static double distribution(double x) { return 0.5 * erfc(-x * 0x1.6a09e667f3bcdp-1); }
static double density(double x) { return exp(-0.5 * x * x) * 0x1.9884533d43651p-2; }

static void gelu_forward(const float *x, float *y, long first, long last) {
  for (long i = 16 * first; i < 16 * last; i++) y[i] = x[i] * distribution(x[i]);
}

static void gelu_backward(const float *x, const float *dy, gradient_target dx, long first, long last) {
  for (long i = 16 * first; i < 16 * last; i++) {
    const double slope = distribution(x[i]) + x[i] * density(x[i]);
    dx.at[i] = dy[i] * slope + (dx.accumulate ? dx.at[i] : 0);
  }
}

const gelu_kernels gelu_reference = {gelu_forward, gelu_backward};

// ---- Layer scale and attention gate

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

// ---- Layer norm

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

static void layer_norm_forward(const layer_norm_shape *s, const float *x, const float *gamma, const float *beta, float *y,
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

static void layer_norm_backward(const layer_norm_shape *s, const float *x, const float *gamma, const float *dy, gradient_target dx,
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

const layer_norm_kernels layer_norm_reference = {layer_norm_forward, layer_norm_backward};

// ---- Max pooling: the first of the largest values of a 2 x 2 window, of floats that are what they are

static int winner(const float *x, long row, long stored) {
  const long at[4] = {0, stored, row, row + stored};
  int best = 0;
  for (int k = 1; k < 4; k++) {
    const float value = x[at[k]];
    if (value > x[at[best]] || value != value) best = k;
  }
  return best;
}

static void max_pooling_forward(const max_pooling_shape *s, activation_source x, float *y, long first, long last) {
  const long rows = s->height / 2, columns = s->width / 2, row = s->width * s->stored;
  for (long item = first; item < last; item++) {
    const float *in = (const float *)x.at + (item / rows * s->height + item % rows * 2) * row;
    for (long w = 0; w < columns; w++)
      for (long c = 0; c < s->stored; c++) {
        const float *window = in + 2 * w * s->stored + c;
        const int k = winner(window, row, s->stored);
        y[(item * columns + w) * s->stored + c] = window[k / 2 * row + k % 2 * s->stored];
      }
  }
}

static void max_pooling_backward(const max_pooling_shape *s, activation_source x, const float *dy, gradient_target dx,
                                 long first, long last) {
  const long rows = s->height / 2, columns = s->width / 2, row = s->width * s->stored;
  for (long item = first; item < last; item++) {
    const long h = item % rows, count = h == rows - 1 ? s->height - 2 * h : 2;
    const long offset = (item / rows * s->height + 2 * h) * row;
    for (long i = 0; i < count * row && !dx.accumulate; i++) dx.at[offset + i] = 0;
    for (long w = 0; w < columns; w++)
      for (long c = 0; c < s->stored; c++) {
        const long window = offset + 2 * w * s->stored + c;
        const int k = winner((const float *)x.at + window, row, s->stored);
        dx.at[window + k / 2 * row + k % 2 * s->stored] += dy[(item * columns + w) * s->stored + c];
      }
  }
}

const max_pooling_kernels max_pooling_reference = {max_pooling_forward, max_pooling_backward};
