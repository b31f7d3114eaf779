// The direct weight gradient with operands rounded to bfloat16 and sums in single precision: two voxels per lane.
#include "convolution.h"
#if defined(__x86_64__)
#include "band.h"
#include "bfloat16.h"
#pragma clang attribute push(__attribute__((target(BFLOAT16_TARGET))), apply_to = function)
#define VECTOR_FLOATS 16
#define GRADIENT_CHANNELS 8
#define GRADIENT_PRODUCT BFLOAT16_PRODUCT
#include "vector.h"

/// Lane by lane, `first` rounded into the low half and `second` into the high one.
INLINE vec voxel_pair(vec first, vec second) {
  const __m512i halves = (__m512i)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first);
  const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i order = _mm512_or_si512(lane, _mm512_slli_epi32(_mm512_add_epi32(lane, _mm512_set1_epi32(16)), 16));
  return (vec)_mm512_permutexvar_epi16(order, halves);
}
#define VOXEL_PAIR(first, second) voxel_pair(first, second)
#include "gradient.h"
#pragma clang attribute pop

void convolution_bfloat16_gradient(const convolution_gradient *plan, const float *x, activation_source dy,
                                   float *sums, long first, long last, float *scratch) {
  gradient(plan, x, dy, sums, first, last, scratch);
}
#endif
