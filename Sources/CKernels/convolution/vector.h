// The vector of the instruction set that includes this: define VECTOR_FLOATS first. Once per file.
#pragma once
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((ext_vector_type(VECTOR_FLOATS)));
typedef float vec_anywhere __attribute__((ext_vector_type(VECTOR_FLOATS), aligned(4), may_alias));

enum { block_floats = 2 * VECTOR_FLOATS };      // a packed weight block, the width of a register tile

INLINE vec vec_load(const float *p) { return *(const vec_anywhere *)p; }
INLINE void vec_store(float *p, vec v) { *(vec_anywhere *)p = v; }
INLINE vec vec_fma(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
