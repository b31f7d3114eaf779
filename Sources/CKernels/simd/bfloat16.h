// bfloat16: the upper 16 bits of a float.
//
// There is one rounding: to nearest, ties to even; NaN stays a quiet NaN; numbers below 2^-126 become zeros of their
// sign. That is what the processor's own instruction does (VCVTNEPS2BF16), so all kernels do it, whatever they are
// compiled for.
#pragma once
#include "activation.h"
#include "vector.h"

/// The rounding on every lane: `bits` and `ints` are the vector types of 32-bit unsigned and signed integers. The
/// result is 32 bits wide. The same steps as `bfloat16_bits`, with masks instead of branches.
#define BFLOAT16_BITS(bits, ints, v)                                                                             \
  ({                                                                                                             \
    const bits all_ = (bits)(v), magnitude_ = all_ & 0x7FFFFFFF;                                                 \
    const bits is_nan_ = (bits)((ints)magnitude_ > 0x7F800000);                                                  \
    const bits is_tiny_ = (bits)((ints)magnitude_ < 0x00800000);                                                 \
    const bits nearest_ = all_ + (0x7FFF + (all_ >> 16 & 1));                                                    \
    ((nearest_ & ~(is_nan_ | is_tiny_)) | ((all_ | 0x400000) & is_nan_) | (all_ & 0x80000000 & is_tiny_)) >> 16; \
  })

/// Where number `index` lies in memory that holds floats or bfloat16 numbers.
INLINE void *number_at(const void *at, long index, int is_bfloat16) {
  return (char *)at + index * (is_bfloat16 ? 2 : 4);
}

// ---- One register

typedef int32_t vec_ints __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef uint32_t vec_bits __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef uint16_t vec_bfloat16 __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef uint16_t vec_bfloat16_in_memory __attribute__((ext_vector_type(VECTOR_FLOATS), aligned(2), may_alias));
typedef uint16_t vec_bfloat16_line __attribute__((ext_vector_type(2 * VECTOR_FLOATS), may_alias));

#if LANE_PAIRS
INLINE vec_bfloat16 vec_to_bfloat16(vec v) { return (vec_bfloat16)_mm512_cvtneps_pbh((__m512)v); }
#else
INLINE vec_bfloat16 vec_to_bfloat16(vec v) {
  return __builtin_convertvector(BFLOAT16_BITS(vec_bits, vec_ints, v), vec_bfloat16);
}
#endif

/// Numbers from `index` on of memory that holds floats or bfloat16 numbers. `is_bfloat16` is a constant in hot loops.
INLINE vec vec_load_any(const void *at, long index, const int is_bfloat16) {
  if (!is_bfloat16) return vec_load((const float *)at + index);
  const vec_bfloat16 halves = *(const vec_bfloat16_in_memory *)((const uint16_t *)at + index);
  return (vec)(__builtin_convertvector(halves, vec_bits) << 16);
}

INLINE void vec_store_any(void *at, long index, vec v, const int is_bfloat16) {
  if (!is_bfloat16) vec_store((float *)at + index, v);
  else *(vec_bfloat16_in_memory *)((uint16_t *)at + index) = vec_to_bfloat16(v);
}

// ---- A block of 16 channels

typedef uint32_t bits16 __attribute__((ext_vector_type(16)));
typedef uint16_t bfloat16_in_memory __attribute__((ext_vector_type(16), aligned(2), may_alias));

INLINE vec16 load_any(const void *at, long index, const int is_bfloat16) {
  if (!is_bfloat16) return load((const float *)at + index);
  const bfloat16_in_memory halves = *(const bfloat16_in_memory *)((const uint16_t *)at + index);
  return (vec16)(__builtin_convertvector(halves, bits16) << 16);
}

INLINE void store_bfloat16(void *at, long index, vec16 v) {
  *(bfloat16_in_memory *)((uint16_t *)at + index) =
      __builtin_convertvector(BFLOAT16_BITS(bits16, mask16, v), bfloat16_in_memory);
}

// ---- Products

#if LANE_PAIRS
// A lane of an operand holds two bfloat16 numbers, the first in its low half; a product sums the products of both.

INLINE vec vec_product(vec x, vec y, vec sum) { return (vec)_mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)y); }

/// 32 numbers in a row: lane i holds numbers 2 i and 2 i + 1.
INLINE vec vec_pairs(vec low, vec high) { return (vec)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low); }

/// Lane i holds lane i of `first` and lane i of `second`.
INLINE vec vec_zip(vec first, vec second) {
  const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i order = _mm512_or_si512(lane, _mm512_slli_epi32(_mm512_add_epi32(lane, _mm512_set1_epi32(16)), 16));
  return (vec)_mm512_permutexvar_epi16(order, (__m512i)vec_pairs(first, second));
}

/// `v` into the low halves of lanes in memory (`second` = 0, the high halves become zero) or into the high halves.
INLINE void vec_store_half(float *to, vec v, int second) {
  const __m512i bits = _mm512_cvtepu16_epi32((__m256i)vec_to_bfloat16(v));
  if (second) _mm512_storeu_si512(to, _mm512_or_si512(_mm512_loadu_si512(to), _mm512_slli_epi32(bits, 16)));
  else _mm512_storeu_si512(to, bits);
}
#else
// A lane of an operand holds one float.

INLINE vec vec_product(vec x, vec y, vec sum) { return vec_fma(x, y, sum); }
#endif
