// The vector of the instruction set that includes this: define VECTOR_FLOATS first. Once per file.
#pragma once
#include "convolution.h"
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef float vec_anywhere __attribute__((ext_vector_type(VECTOR_FLOATS), aligned(4), may_alias));

enum { block_floats = 2 * VECTOR_FLOATS };      // a packed weight block, the width of a register tile

INLINE vec vec_load(const float *p) { return *(const vec_anywhere *)p; }
INLINE void vec_store(float *p, vec v) { *(vec_anywhere *)p = v; }

/// Targets of so many floats are out of the caches when they are read next: storing past the caches spares reading them
/// first.
enum { streamed_floats = 4 << 20 };

/// Whether a target should be stored so; half a cache line at a time would be slower.
INLINE int vec_should_stream(const float *target, long floats) {
  return VECTOR_FLOATS == 16 && floats >= streamed_floats && (uintptr_t)target % 64 == 0;
}

INLINE void vec_stream(float *p, vec v) { __builtin_nontemporal_store(v, (vec *)p); }
/// After the last `vec_stream`, before another thread reads.
INLINE void vec_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

INLINE vec vec_fma(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }

/// A finished sum of the channels from `channel` on.
INLINE vec vec_finish(vec sum, const convolution_finish *f, long channel) {
  const vec bias = f->bias ? vec_load(f->bias + channel) : (vec)(0.0f);
  sum = f->scale ? vec_fma(sum, vec_load(f->scale + channel), bias) : sum + bias;
  return f->rectify ? (sum < 0 ? (vec)(0.0f) : sum) : sum;
}
