// Exponential, logarithm, sums across lanes and transposition of blocks of sixteen floats.
#pragma once
#include "vector.h"

// ---- Exponentials. There are two, and results depend on which one a kernel uses.

/// e^x by separate multiplications and additions, so that processors without a fused multiply-add give the same bits:
/// for kernels whose portable build must equal the others. 0 below -87.3, infinity above 88.7, NaN stays NaN. Range
/// reduction and polynomial as in Cephes (S. Moshier), within 2 units in the last place.
INLINE vec16 exp_portable(vec16 x) {
  const mask16 under = x < -87.3f, over = x > 88.7f;
  const vec16 bounded = select16(under | over, splat(0.0f), x);
  const vec16 product = bounded * 1.44269504088896341f;
  // Adding and taking away 1.5 * 2^23 rounds to the nearest whole number.
  const vec16 n = (product + 12582912.0f) - 12582912.0f;
  const vec16 r = (bounded - n * 0.693359375f) - n * -2.12194440e-4f;
  vec16 p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const vec16 e = p * (r * r) + r + 1.0f;
  const mask16 whole = __builtin_convertvector(select16(x == x, n, splat(0.0f)), mask16);
  // 2^n in two factors, because n = 128 is more than an exponent can hold.
  const mask16 half = whole >> 1;
  const vec16 power = (vec16)((half + 127) << 23), rest = (vec16)((whole - half + 127) << 23);
  const vec16 value = keep(~under, e * power * rest);
  return select16(over, splat(__builtin_inff()), value);
}

/// e^v for v <= 0, with fused multiply-adds; 0 below -87.3. Relative error below 2 units of 2^-24.
///
///     e^v = 2^n e^r,  n = round(v / ln 2),  |r| <= ln 2 / 2,  e^r by its Taylor series to r^7 / 7!
INLINE vec16 exp_fused(vec16 v) {
  const vec16 magic = splat(0x1.8p23f);
  const mask16 alive = v > splat(-87.3f);
  const vec16 shifted = vec_fma(v, splat(0x1.715476p+0f), magic), n = shifted - magic;
  vec16 r = vec_fma(n, splat(-0x1.62e400p-1f), v);
  r = vec_fma(n, splat(-0x1.7f7d1cp-20f), r);
  vec16 sum = splat(1.0f / 5040);
  sum = vec_fma(sum, r, splat(1.0f / 720));
  sum = vec_fma(sum, r, splat(1.0f / 120));
  sum = vec_fma(sum, r, splat(1.0f / 24));
  sum = vec_fma(sum, r, splat(1.0f / 6));
  sum = vec_fma(sum, r, splat(0.5f));
  sum = vec_fma(sum, r, splat(1));
  sum = vec_fma(sum, r, splat(1));
  const mask16 exponent = ((mask16)shifted - (mask16)magic) << 23;
  return keep(alive, (vec16)((mask16)sum + exponent));
}

/// log(x) of a positive normal number, without fused multiply-adds; NaN stays NaN. Polynomial as in Cephes.
INLINE vec16 log_portable(vec16 x) {
  const mask16 bits = (mask16)x;
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)).
  mask16 exponent = (bits >> 23) - 126;
  vec16 m = (vec16)((bits & 0x007fffff) | 0x3f000000);
  const mask16 small = m < 0.707106781186547524f;
  exponent += small;
  m = m + keep(small, m) - 1.0f;
  const vec16 e = __builtin_convertvector(exponent, vec16);
  const vec16 z = m * m;
  vec16 p = splat(7.0376836292e-2f);
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  vec16 y = m * z * p;
  y = y + e * -2.12194440e-4f - 0.5f * z;
  return select16(x == x, m + y + e * 0.693359375f, x);
}

// ---- Across lanes, always in the same tree, so that every instruction set gives the same bits

/// The sum of all lanes: halves are added until one is left.
INLINE float lane_sum(vec16 v) {
  float s[16];
  store(s, v);
  for (int half = 8; half > 0; half /= 2)
    for (int i = 0; i < half; i++) s[i] += s[i + half];
  return s[0];
}

/// The sum of eight doubles.
INLINE double double_sum(double8 v) { return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])); }

/// The largest lane.
INLINE float largest_lane(vec16 v) {
#define SWAPPED(...) __builtin_shufflevector(v, v, __VA_ARGS__)
  v = select16(v < SWAPPED(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
               SWAPPED(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7), v);
  v = select16(v < SWAPPED(4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11),
               SWAPPED(4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11), v);
  v = select16(v < SWAPPED(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13),
               SWAPPED(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13), v);
#undef SWAPPED
  return v[0] < v[1] ? v[1] : v[0];
}

// ---- Transposition

/// Rows `i` and `i + step` exchange every other run of `step` lanes: one step of a transposition.
#define EVEN_8(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#define ODD_8(a, b) __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define EVEN_4(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#define ODD_4(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define EVEN_2(a, b) __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define ODD_2(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define EVEN_1(a, b) __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define ODD_1(a, b) __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
#define EXCHANGE(step)                           \
  for (int i = 0; i < 16; i++) {                 \
    if (i & step) continue;                      \
    const vec16 a = rows[i], b = rows[i + step]; \
    rows[i] = EVEN_##step(a, b);                 \
    rows[i + step] = ODD_##step(a, b);           \
  }

/// Sixteen rows of sixteen floats become columns.
INLINE void transpose(vec16 *rows) { EXCHANGE(8) EXCHANGE(4) EXCHANGE(2) EXCHANGE(1) }
