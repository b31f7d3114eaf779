// GELU by its definition, in double.
#include "reference.h"
#include <math.h>

static double distribution(double x) { return 0.5 * erfc(-x * 0x1.6a09e667f3bcdp-1); }
static double density(double x) { return exp(-0.5 * x * x) * 0x1.9884533d43651p-2; }

static void forward(const float *x, float *y, long first, long last) {
  for (long i = 16 * first; i < 16 * last; i++) y[i] = x[i] * distribution(x[i]);
}

static void backward(const float *x, const float *dy, gradient_target dx, long first, long last) {
  for (long i = 16 * first; i < 16 * last; i++) {
    const double slope = distribution(x[i]) + x[i] * density(x[i]);
    dx.at[i] = dy[i] * slope + (dx.accumulate ? dx.at[i] : 0);
  }
}

const gelu_kernels gelu_reference = {forward, backward};
