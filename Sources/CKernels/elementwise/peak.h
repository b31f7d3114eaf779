// What this processor can do at most: independent chains of fused multiply-adds.
#pragma once
#include "../simd/vector.h"
#include "cpu_kernels.h"

static double multiply_adds(long rounds, float *sink) {
  enum { chains = 16 };
  vec16 sums[chains];
  for (int k = 0; k < chains; k++) sums[k] = splat((float)k);
  const vec16 factor = splat(0.999f), term = splat(0.5f);
  for (long r = 0; r < rounds; r++) UNROLLED for (int k = 0; k < chains; k++) sums[k] = vec_fma(sums[k], factor, term);
  vec16 all = {};
  for (int k = 0; k < chains; k++) all += sums[k];
  store(sink, all);
  return (double)rounds * chains * 16;
}
