// The rounding of one float to bfloat16, for code that packs weights; simd/bfloat16.h has it for vectors.
#pragma once
#include <stdint.h>
#include <string.h>

/// The bits of the bfloat16 nearest to a float, ties to even. NaN stays a quiet NaN; numbers below 2^-126 become
/// zeros of their sign.
static inline uint32_t bfloat16_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return (bits | 0x400000) >> 16;
  if (magnitude < 0x00800000) return (bits & 0x80000000) >> 16;
  return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}
