// Numbers of an activation as its readers need them: widened from bfloat16, and normalised where the activation is stored
// before its normalisation.
#pragma once
#include "bfloat16.h"

/// What must be done to the numbers of a source: bits of a constant in hot loops.
enum { source_is_bfloat16 = 1, source_is_raw = 2, source_kinds = 4 };

INLINE int source_kind(const activation_source *s) {
  return (s->is_bfloat16 ? source_is_bfloat16 : 0) | (s->norm.scale ? source_is_raw : 0);
}

/// The same from `channel` on.
INLINE activation_norm activation_norm_from(activation_norm n, long channel) {
  return n.scale ? (activation_norm){n.mean + channel, n.scale + channel, n.shift + channel, n.rectify} : n;
}

/// What normalises one vector of channels; nothing is below `least`.
typedef struct {
  vec mean, scale, shift, least;
} source_norm;

/// From `channel` on; anything where `kind` needs none.
INLINE source_norm source_norm_of(const activation_norm *n, long channel, const int kind) {
  if (!(kind & source_is_raw)) return (source_norm){};
  return (source_norm){vec_load(n->mean + channel), vec_load(n->scale + channel), vec_load(n->shift + channel),
                       (vec)(n->rectify ? 0.0f : -__builtin_inff())};
}

/// Numbers from `index` on. The expression is that of elementwise/batch_norm.h, so that no bit depends on who applies it.
INLINE vec source_load(const void *at, long index, const int kind, const source_norm *n) {
  const vec x = vec_load_any(at, index, kind & source_is_bfloat16);
  if (!(kind & source_is_raw)) return x;
  const vec y = (x - n->mean) * n->scale + n->shift;
  return y < n->least ? n->least : y;
}

// ---- A block of 16 channels

/// Those of `channel` on, at number `index` of a source.
INLINE vec16 source_load16(const activation_source *s, long index, long channel) {
  const vec16 x = load_any(s->at, index, s->is_bfloat16);
  const activation_norm *n = &s->norm;
  if (!n->scale) return x;
  const vec16 y = (x - load(n->mean + channel)) * load(n->scale + channel) + load(n->shift + channel);
  return n->rectify ? rectified(y) : y;
}
