// exp and log of sixteen floats. Included once per instruction set.
//
// Range reduction and minimax polynomials as in Cephes (S. Moshier, public formulae): within 2 units in the last place.

/// exp(x); 0 below -87.3, infinity above 88.7, NaN stays NaN.
INLINE lanes VARIANT(exponential)(lanes x) {
  const masks under = x < -87.3f, over = x > 88.7f;
  const lanes bounded = SELECT(under | over, SPLAT(0.0f), x);
  const lanes product = bounded * 1.44269504088896341f;
  // Rounding to the nearest whole number by adding and taking away 1.5 * 2^23.
  const lanes n = (product + 12582912.0f) - 12582912.0f;
  const lanes r = (bounded - n * 0.693359375f) - n * -2.12194440e-4f;
  lanes p = SPLAT(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const lanes e = p * (r * r) + r + 1.0f;
  const masks whole = __builtin_convertvector(SELECT(x == x, n, SPLAT(0.0f)), masks);
  // 2^n in two factors, so that n = 128 does not leave the exponent's range.
  const masks half = whole >> 1;
  const lanes power = (lanes)((half + 127) << 23), rest = (lanes)((whole - half + 127) << 23);
  const lanes value = KEEP(~under, e * power * rest);
  return SELECT(over, SPLAT(__builtin_inff()), value);
}

/// log(x) of a positive normal number; NaN stays NaN.
INLINE lanes VARIANT(logarithm)(lanes x) {
  const masks bits = (masks)x;
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)).
  masks exponent = (bits >> 23) - 126;
  lanes m = (lanes)((bits & 0x007fffff) | 0x3f000000);
  const masks small = m < 0.707106781186547524f;
  exponent += small;
  m = m + KEEP(small, m) - 1.0f;
  const lanes e = __builtin_convertvector(exponent, lanes);
  const lanes z = m * m;
  lanes p = SPLAT(7.0376836292e-2f);
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  lanes y = m * z * p;
  y = y + e * -2.12194440e-4f - 0.5f * z;
  return SELECT(x == x, m + y + e * 0.693359375f, x);
}

/// The largest lane.
INLINE float VARIANT(largest)(lanes v) {
  v = SELECT(v < MOVED_8(v), MOVED_8(v), v);
  v = SELECT(v < MOVED_4(v), MOVED_4(v), v);
  v = SELECT(v < MOVED_2(v), MOVED_2(v), v);
  return v[0] < v[1] ? v[1] : v[0];
}

/// Sum of eight doubles, in a fixed tree.
INLINE double VARIANT(wide_total)(wide v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

/// Sixteen rows of sixteen become columns: blocks of 8, 4, 2, 1 lanes change places across the diagonal.
INLINE void VARIANT(transpose)(lanes *rows) {
#define EXCHANGE(step)                              \
  for (int i = 0; i < 16; i++) {                    \
    if (i & step) continue;                         \
    const lanes a = rows[i], b = rows[i + step];    \
    rows[i] = EVEN_##step(a, b);                    \
    rows[i + step] = ODD_##step(a, b);              \
  }
  EXCHANGE(8) EXCHANGE(4) EXCHANGE(2) EXCHANGE(1)
#undef EXCHANGE
}
