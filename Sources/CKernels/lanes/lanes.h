// Sixteen floats side by side: one channel block of one voxel. A kernel's vector body is written once on this type and
// compiled for AVX-512 (one register) and AVX2 (two); both do the same operations in the same order.
//
// Include avx512.h or avx2.h of this folder, not this file: they choose the target first.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

#define LANES 16
#define INLINE static inline __attribute__((always_inline))

typedef float lanes __attribute__((vector_size(64)));
typedef int32_t lane_ints __attribute__((vector_size(64)));

INLINE lanes load(const float *p) {
  lanes v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store(float *p, lanes v) { memcpy(p, &v, sizeof v); }

/// A worker's share of so many floats is out of the caches when it is read next: storing past the caches spares reading it
/// first. `fence` after the last one, before another thread reads.
enum { streamed_floats = 1 << 20 };
INLINE int should_stream(const float *p, long floats) { return floats >= streamed_floats && (uintptr_t)p % 64 == 0; }
INLINE void stream(float *p, lanes v) { __builtin_nontemporal_store(v, (lanes *)p); }
INLINE void fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

INLINE lanes splat(float s) { return s - (lanes){0}; }

/// The first `count` floats of p, then zeros: parameters are not padded as activations are.
INLINE lanes load_first(const float *p, long count) {
  if (count >= LANES) return load(p);
  float padded[LANES] = {0};
  for (long i = 0; i < count; i++) padded[i] = p[i];
  return load(padded);
}

/// a * b + c with one rounding.
INLINE lanes fused(lanes a, lanes b, lanes c) { return __builtin_elementwise_fma(a, b, c); }

/// Per lane: yes where the mask is all ones, no where it is zero.
INLINE lanes choose(lane_ints mask, lanes yes, lanes no) {
  return (lanes)((mask & (lane_ints)yes) | (~mask & (lane_ints)no));
}

/// All ones in the lanes that hold one of `count` real channels.
INLINE lane_ints first_lanes(long count) {
  const lane_ints index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return index < (lane_ints){0} + (int32_t)(count < LANES ? count : LANES);
}

/// The sum of all lanes, in halves: the same tree for every instruction set.
INLINE float total(lanes v) {
  float s[LANES];
  store(s, v);
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) s[i] += s[i + half];
  return s[0];
}

/// e^v for v <= 0; 0 below -87.3. Relative error below 2 units of 2^-24.
///
///     e^v = 2^n e^r,  n = round(v / ln 2),  |r| <= ln 2 / 2,  e^r by its Taylor series to r^7 / 7!
INLINE lanes exponential(lanes v) {
  const lanes magic = splat(0x1.8p23f);
  const lane_ints alive = v > splat(-87.3f);
  const lanes shifted = fused(v, splat(0x1.715476p+0f), magic), n = shifted - magic;
  lanes r = fused(n, splat(-0x1.62e400p-1f), v);
  r = fused(n, splat(-0x1.7f7d1cp-20f), r);
  lanes sum = splat(1.0f / 5040);
  sum = fused(sum, r, splat(1.0f / 720));
  sum = fused(sum, r, splat(1.0f / 120));
  sum = fused(sum, r, splat(1.0f / 24));
  sum = fused(sum, r, splat(1.0f / 6));
  sum = fused(sum, r, splat(0.5f));
  sum = fused(sum, r, splat(1));
  sum = fused(sum, r, splat(1));
  const lane_ints exponent = ((lane_ints)shifted - (lane_ints)magic) << 23;
  return choose(alive, (lanes)((lane_ints)sum + exponent), splat(0));
}
