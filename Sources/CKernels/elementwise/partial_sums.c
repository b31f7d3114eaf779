// The sum of partial sums that ends the gradient of every per-channel parameter.
#include "elementwise.h"

void add_partial_sums(const float *partials, long count, long stride, long numbers, float *sums) {
  for (long k = 0; k < numbers; k++) {
    double sum = 0;
    for (long t = 0; t < count; t++) sum += partials[t * stride + k];
    sums[k] = sum;
  }
}
