// Stores that go past the caches.
//
// A result this large is evicted before anyone reads it. An ordinary store first reads the cache line that it is
// about to overwrite; a non-temporal one does not, which saves a third of the memory traffic. Call `stream_fence`
// after the last one, before another thread may read.
#pragma once
#include "bfloat16.h"

/// Floats of a worker's share of a result from which on it pays.
enum { streamed_floats = 2 << 20 };
/// The same for the whole result, for kernels that do not know how many workers share it: at least two do.
enum { streamed_whole = 2 * streamed_floats };

/// Non-temporal stores need a whole cache line's alignment.
INLINE int is_line(const void *p) { return (uintptr_t)p % 64 == 0; }

// ---- One register

/// Whether a result of so many floats in all should be streamed; half a cache line at a time would be slower.
INLINE int vec_should_stream(const void *result, long floats) {
  return VECTOR_FLOATS == 16 && floats >= streamed_whole && is_line(result);
}
INLINE void vec_stream(float *p, vec v) { __builtin_nontemporal_store(v, (vec *)p); }

/// A cache line of bfloat16 numbers.
INLINE void vec_stream_bfloat16(void *p, vec low, vec high) {
  vec_bfloat16_line line;
  line.lo = vec_to_bfloat16(low);
  line.hi = vec_to_bfloat16(high);
  __builtin_nontemporal_store(line, (vec_bfloat16_line *)p);
}

// ---- A block of 16 channels

/// Whether a worker's share of so many floats should be streamed.
INLINE int should_stream(const float *share, long floats) { return floats >= streamed_floats && is_line(share); }
INLINE void stream(float *p, vec16 v) { __builtin_nontemporal_store(v, (vec16 *)p); }
INLINE void stream_or_store(int past_caches, float *p, vec16 v) {
  if (past_caches) stream(p, v);
  else store(p, v);
}

INLINE void stream_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
