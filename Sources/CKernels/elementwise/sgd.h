// Stochastic gradient descent with momentum as in PyTorch: weight decay is added to the gradient, no dampening.
//
//     g = g + decay p;  b = momentum b + g;  p = p - rate b, with Nesterov p = p - rate (g + momentum b)
#pragma once
#include "../simd/vector.h"
#include "cpu_kernels.h"

static void sgd(const sgd_step *a, float *parameters, const float *gradients, float *velocity, long count) {
  for (long i = 0; i < count; i += 16) {
    const vec16 p = load(parameters + i), g = load(gradients + i) + p * a->decay;
    const vec16 b = load(velocity + i) * a->momentum + g;
    store(velocity + i, b);
    store(parameters + i, p - (a->nesterov ? g + b * a->momentum : b) * a->rate);
  }
}
