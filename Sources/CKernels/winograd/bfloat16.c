// The Winograd gather with transformed operands rounded to bfloat16 and sums in single precision: two products per lane.
#include "winograd.h"
#if defined(__x86_64__)
#include "processor.h"
#include "../convolution/bfloat16.h"
#include "schemes.h"
#pragma clang attribute push(__attribute__((target(BFLOAT16_TARGET))), apply_to = function)
#define VECTOR_FLOATS 16
#define TILE_VOXELS 14
#define TILES TILES_TO_14
#define TILE_PRODUCT BFLOAT16_PRODUCT
#include "../convolution/vector.h"

INLINE __m256i rounded(vec v) { return (__m256i)_mm512_cvtneps_pbh((__m512)v); }

/// The first channel into the low halves of a row of pairs, the second beside it.
INLINE void row_store(float *to, vec v, int channel) {
  const __m512i bits = _mm512_cvtepu16_epi32(rounded(v));
  if (channel == 0) _mm512_storeu_si512(to, bits);
  else _mm512_storeu_si512(to, _mm512_or_si512(_mm512_loadu_si512(to), _mm512_slli_epi32(bits, 16)));
}

enum { lane_channels = 2 };
#define LANE_STORE(to, v) _mm256_storeu_si256((__m256i *)(to), rounded(v))
#define ROW_STORE(to, v, channel) row_store(to, v, channel)
#include "gather.h"
#pragma clang attribute pop
const winograd_variant winograd_bfloat16 = {
    .name = "bfloat16", .is_supported = processor_has_bfloat16, .block = block_floats, .pairs = 1,
    .weights = winograd_weights, .gather = winograd_gather};
#endif
