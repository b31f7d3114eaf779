// bfloat16 numbers in memory: the upper half of a float's bits.
#pragma once
#include <stdint.h>

/// The bfloat16 nearest to every float of a vector, as bits in `uints` (32 bits wide): ties to even, NaN stays a quiet
/// NaN, and numbers below 2^-126 become zeros of their sign. So does the processor's own instruction, VCVTNEPS2BF16, and
/// so all kernels do, whatever they are compiled for. `ints` is `uints` with signs.
#define HALF_BITS(uints, ints, floats)                                                                                \
  ({                                                                                                                  \
    const uints bits_ = (uints)(floats), magnitude_ = bits_ & 0x7FFFFFFF;                                             \
    const uints is_nan_ = (uints)((ints)magnitude_ > 0x7F800000), is_tiny_ = (uints)((ints)magnitude_ < 0x00800000);  \
    const uints nearest_ = bits_ + (0x7FFF + (bits_ >> 16 & 1));                                                      \
    ((nearest_ & ~(is_nan_ | is_tiny_)) | ((bits_ | 0x400000) & is_nan_) | (bits_ & 0x80000000 & is_tiny_)) >> 16;    \
  })

/// Where number `index` of memory lies that holds floats or halves.
static inline void *number_at(const void *at, long index, int is_half) {
  return (char *)at + index * (is_half ? 2 : 4);
}
