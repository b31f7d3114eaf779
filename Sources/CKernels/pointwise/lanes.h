// Sixteen lanes at a time, in portable vector types: one cache line, one AVX-512 register, two AVX2 registers, four SSE.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "../half/half.h"

// Every function that takes a vector below is inlined, so there is no call whose calling convention could differ.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t masks __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint32_t lane_bits __attribute__((vector_size(64)));
typedef uint16_t halves __attribute__((vector_size(32), aligned(2), may_alias));
typedef double wide __attribute__((vector_size(64), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline, unused))

// Macros, not functions: a vector may not cross a function boundary whose target differs.
#define LOAD(p) (*(const lanes *)(p))
#define STORE(p, v) (*(lanes *)(p) = (v))
/// A worker's share of so many floats is out of the caches when it is read next: storing past the caches spares reading it
/// first. FENCE after the last one, before another thread reads.
enum { streamed_floats = 2 << 20 };
typedef float aligned_lanes __attribute__((vector_size(64), may_alias));
#define STREAM_OR_STORE(stream, p, v)                                                  \
  do {                                                                                 \
    if (stream) __builtin_nontemporal_store((aligned_lanes)(v), (aligned_lanes *)(p)); \
    else STORE(p, v);                                                                  \
  } while (0)
#define SHOULD_STREAM(p, floats) ((floats) >= streamed_floats && (uintptr_t)(p) % 64 == 0)
#define FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define PUT(p, v, accumulate) STORE(p, (accumulate) ? LOAD(p) + (v) : (v))
/// Sixteen numbers from `i` on of memory that holds floats or, where the constant `is_half` says so, halves.
#define READ(p, i, is_half)                                                                         \
  ((is_half) ? (lanes)(__builtin_convertvector(*(const halves *)number_at(p, i, 1), lane_bits) << 16) \
             : LOAD((const float *)(p) + (i)))
#define WRITE_HALVES(p, i, v) \
  (*(halves *)number_at(p, i, 1) = __builtin_convertvector(HALF_BITS(lane_bits, masks, v), halves))
#define SPLAT(s) ((lanes){} + (s))
/// v where the mask is set, else zero.
#define KEEP(mask, v) ((lanes)((masks)(v) & (mask)))
/// a where the mask is set, else b.
#define SELECT(mask, a, b) ((lanes)(((masks)(a) & (mask)) | ((masks)(b) & ~(mask))))
/// max(0, v), except that NaN stays NaN.
#define RECTIFIED(v) KEEP(~((v) < 0), v)
#define LOW_HALF(v) __builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), wide)
#define HIGH_HALF(v) __builtin_convertvector(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), wide)
/// Lanes moved down by 8, 4, 2: the steps of a tree.
#define MOVED_8(v) __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)
#define MOVED_4(v) __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)
#define MOVED_2(v) __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
/// The even blocks of 8, 4, 2, 1 lanes of a and b in turn, and the odd ones.
#define EVEN_8(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#define ODD_8(a, b) __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define EVEN_4(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#define ODD_4(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define EVEN_2(a, b) __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define ODD_2(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define EVEN_1(a, b) __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define ODD_1(a, b) __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
/// Lanes 0 ..< n, n from 0 to 16 (or more).
#define FIRST_LANES(n) ((masks){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} < (int32_t)(n))

/// Labels are bytes.
enum { loss_classes = 256 };
