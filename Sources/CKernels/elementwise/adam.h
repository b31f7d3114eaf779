// Adam (Kingma & Ba 2015) as in PyTorch: weight decay is added to the gradient.
//
//     g = g + decay p;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
//     p = p - rate / correction1 * m / (sqrt(v / correction2) + epsilon)
#pragma once
#include "../simd/vector.h"
#include "cpu_kernels.h"

static void adam(const adam_step *a, float *parameters, const float *gradients, float *first, float *second,
                 long count) {
  const float rate = a->rate / a->correction1, root = 1 / __builtin_sqrtf(a->correction2);
  for (long i = 0; i < count; i += 16) {
    const vec16 p = load(parameters + i), g = load(gradients + i) + p * a->decay;
    const vec16 m = load(first + i) * a->beta1 + g * (1 - a->beta1);
    const vec16 v = load(second + i) * a->beta2 + g * g * (1 - a->beta2);
    store(first + i, m);
    store(second + i, v);
    store(parameters + i, p - rate * m / (__builtin_elementwise_sqrt(v) * root + a->epsilon));
  }
}
