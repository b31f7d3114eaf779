// What this processor can do at most: independent chains of fused multiply-adds. Included per instruction set.

static double VARIANT(multiply_adds)(long rounds, float *sink) {
  enum { chains = 16 };
  lanes sums[chains];
  for (int k = 0; k < chains; k++) sums[k] = SPLAT((float)k);
  const lanes factor = SPLAT(0.999f), term = SPLAT(0.5f);
  for (long r = 0; r < rounds; r++)
#pragma clang loop unroll(full)
    for (int k = 0; k < chains; k++) sums[k] = __builtin_elementwise_fma(sums[k], factor, term);
  lanes all = {};
  for (int k = 0; k < chains; k++) all += sums[k];
  STORE(sink, all);
  return (double)rounds * chains * 16;
}
