// Vectors of floats in the compiler's portable vector types. Every loop of CKernels is written once on these types and
// compiled for each instruction set by a file of targets/, which says how wide a register is (VECTOR_FLOATS) first.
//
//   vec    one register (16 floats in AVX-512, 8 in AVX2): for kernels that must count registers
//   vec16  one block of 16 channels, however many registers it takes: for everything else
//
// Functions whose name starts with `vec_` take a register; the others take a block of channels.
#pragma once
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline, unused))
#define UNROLLED _Pragma("clang loop unroll(full)")

// Clang warns that 64-byte arguments are passed differently without AVX-512. Every function that takes a vector is
// inlined, so nothing is passed.
#pragma clang diagnostic ignored "-Wpsabi"

/// Channels of a block: activations are stored with their channels rounded up to a multiple of it.
enum { block_channels = 16 };

/// `channels` rounded up to whole blocks.
INLINE long stored_channels(long channels) { return (channels + block_channels - 1) / block_channels * block_channels; }

// ---- One register

typedef float vec __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef float vec_in_memory __attribute__((ext_vector_type(VECTOR_FLOATS), aligned(4), may_alias));

INLINE vec vec_load(const float *p) { return *(const vec_in_memory *)p; }
INLINE void vec_store(float *p, vec v) { *(vec_in_memory *)p = v; }

/// a * b + c with one rounding, for either type.
#define vec_fma(a, b, c) __builtin_elementwise_fma(a, b, c)

// ---- A block of 16 channels

typedef float vec16 __attribute__((ext_vector_type(16)));
typedef float vec16_in_memory __attribute__((ext_vector_type(16), aligned(4), may_alias));
/// The bits of a vec16; a comparison gives all ones for yes and zero for no.
typedef int32_t mask16 __attribute__((ext_vector_type(16)));
/// Eight doubles: half of a vec16, to sum in.
typedef double double8 __attribute__((ext_vector_type(8)));
typedef double double8_in_memory __attribute__((ext_vector_type(8), aligned(8), may_alias));

INLINE vec16 load(const float *p) { return *(const vec16_in_memory *)p; }
INLINE void store(float *p, vec16 v) { *(vec16_in_memory *)p = v; }
/// p = v, or p += v.
INLINE void store_or_add(float *p, vec16 v, int add) { store(p, add ? load(p) + v : v); }
INLINE vec16 splat(float s) { return (vec16)s; }

/// Per lane: `yes` where the mask is set, else `no`.
INLINE vec16 select16(mask16 mask, vec16 yes, vec16 no) { return (vec16)(((mask16)yes & mask) | ((mask16)no & ~mask)); }
/// Per lane: v where the mask is set, else zero.
INLINE vec16 keep(mask16 mask, vec16 v) { return (vec16)((mask16)v & mask); }
/// max(0, v), except that NaN stays NaN.
INLINE vec16 rectified(vec16 v) { return keep(~(v < 0), v); }

/// v where y is positive, else slope v; NaN stays NaN.
INLINE vec16 leaked(vec16 y, vec16 v, float slope) { return select16(y > 0, v, v * splat(slope)); }

/// Set in the first `count` lanes (all of them when there are more).
INLINE mask16 first_lanes(long count) {
  const mask16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return lane < (int32_t)(count < 16 ? count : 16);
}

/// The first `count` floats of p, then zeros: parameters are not padded to whole blocks as activations are.
INLINE vec16 load_first(const float *p, long count) {
  if (count >= 16) return load(p);
  float padded[16] __attribute__((aligned(64))) = {0};
  for (long i = 0; i < count; i++) padded[i] = p[i];
  return load(padded);
}

/// Lanes 0 ..< 8 and lanes 8 ..< 16, in double.
INLINE double8 low_doubles(vec16 v) { return __builtin_convertvector(v.lo, double8); }
INLINE double8 high_doubles(vec16 v) { return __builtin_convertvector(v.hi, double8); }
INLINE double8 load_doubles(const double *p) { return *(const double8_in_memory *)p; }
INLINE void store_doubles(double *p, double8 v) { *(double8_in_memory *)p = v; }
