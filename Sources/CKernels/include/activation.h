// An activation, or a gradient of one, in memory: floats, or bfloat16 numbers; and the rounding from one to the other.
#pragma once
#include <stdint.h>
#include <string.h>

#pragma clang assume_nonnull begin

/// A batch normalisation, and the ReLU behind it if `rectify`, that readers apply to every number of an activation that is
/// stored before it: y = (x - mean) scale + shift. One number for each stored channel, zeros in the padding.
typedef struct {
  const float *_Nullable mean, *_Nullable scale, *_Nullable shift;  // NULL: there is none
  int rectify;
} activation_norm;

/// Numbers to be read, single precision or bfloat16: the kernels that take one read both, what takes floats only one.
/// Convolutions and additions apply the normalisation of what they read; for others there is none.
typedef struct {
  const void *at;
  int is_bfloat16;
  activation_norm norm;
} activation_source;

/// Numbers to be written.
typedef struct {
  void *at;
  int is_bfloat16;
} activation_target;

/// Where a gradient goes, and whether it is added to what is there (`accumulate`) or replaces it. NULL where the caller
/// may leave a gradient out: it is not computed.
typedef struct {
  float *_Nullable at;
  int accumulate;
} gradient_target;

// ---- bfloat16, the upper 16 bits of a float; simd/bfloat16.h has the same rounding for vectors

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

#pragma clang assume_nonnull end
