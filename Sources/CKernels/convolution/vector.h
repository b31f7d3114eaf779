// The vector of the instruction set that includes this: define VECTOR_FLOATS first. Once per file.
#pragma once
#include "../half/half.h"
#include "convolution.h"
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef float vec_anywhere __attribute__((ext_vector_type(VECTOR_FLOATS), aligned(4), may_alias));
typedef int32_t vec_ints __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef uint32_t vec_bits __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef uint16_t vec_half __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef uint16_t vec_half_anywhere __attribute__((ext_vector_type(VECTOR_FLOATS), aligned(2), may_alias));
typedef uint16_t vec_halves __attribute__((ext_vector_type(2 * VECTOR_FLOATS), may_alias));

enum { block_floats = 2 * VECTOR_FLOATS };      // a packed weight block, the width of a register tile

INLINE vec vec_load(const float *p) { return *(const vec_anywhere *)p; }
INLINE void vec_store(float *p, vec v) { *(vec_anywhere *)p = v; }

// A build whose processors have an instruction for it defines this.
#ifndef VEC_HALF
#define VEC_HALF(v) __builtin_convertvector(HALF_BITS(vec_bits, vec_ints, v), vec_half)
#endif

/// Numbers from `index` on of memory that holds floats or halves; `is_half` is a constant where it matters.
INLINE vec vec_read(const void *at, long index, const int is_half) {
  if (!is_half) return vec_load((const float *)at + index);
  const vec_half half = *(const vec_half_anywhere *)((const uint16_t *)at + index);
  return (vec)(__builtin_convertvector(half, vec_bits) << 16);
}

INLINE void vec_write(void *at, long index, vec v, const int is_half) {
  if (!is_half) vec_store((float *)at + index, v);
  else *(vec_half_anywhere *)((uint16_t *)at + index) = VEC_HALF(v);
}

/// Targets of so many floats are out of the caches when they are read next: storing past the caches spares reading them
/// first.
enum { streamed_floats = 4 << 20 };

/// Whether a target should be stored so; half a cache line at a time would be slower.
INLINE int vec_should_stream(const void *target, long floats) {
  return VECTOR_FLOATS == 16 && floats >= streamed_floats && (uintptr_t)target % 64 == 0;
}

INLINE void vec_stream(float *p, vec v) { __builtin_nontemporal_store(v, (vec *)p); }

/// A cache line of halves.
INLINE void vec_stream_halves(void *p, vec low, vec high) {
  vec_halves line;
  line.lo = VEC_HALF(low);
  line.hi = VEC_HALF(high);
  __builtin_nontemporal_store(line, (vec_halves *)p);
}
/// After the last `vec_stream`, before another thread reads.
INLINE void vec_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

INLINE vec vec_fma(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }

/// A finished sum of the channels from `channel` on.
INLINE vec vec_finish(vec sum, const convolution_finish *f, long channel) {
  const vec bias = f->bias ? vec_load(f->bias + channel) : (vec)(0.0f);
  sum = f->scale ? vec_fma(sum, vec_load(f->scale + channel), bias) : sum + bias;
  return f->rectify ? (sum < 0 ? (vec)(0.0f) : sum) : sum;
}
