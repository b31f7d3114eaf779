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

struct source_part;
struct target_part;

/// Numbers to be read, single precision or bfloat16: the kernels that take one read both, what takes floats only one.
/// Convolutions, additions and max pooling apply the normalisation of what they read; for others there is none.
/// Convolutions also read channels that several activations hold, one after the other; for others `parts` is NULL.
typedef struct {
  const void *at;
  int is_bfloat16;
  activation_norm norm;
  const struct source_part *_Nullable parts;  // then the rest is that of none
} activation_source;

/// Numbers to be written; by the input gradients of convolutions to several activations.
typedef struct {
  void *at;
  int is_bfloat16;
  const struct target_part *_Nullable parts;
} activation_target;

/// Every part but the last one has a multiple of this many channels, so that no block of them lies in two.
enum { part_channels = 32 };

/// Stored channels first ..< first + channels of an activation, which lie like an activation of their own.
typedef struct source_part {
  activation_source source;
  int first, channels;
} source_part;

/// The same of a gradient; `accumulate`: it is added to what is there.
typedef struct target_part {
  float *at;
  int first, channels, accumulate;
} target_part;

/// The part that holds `channel`: all of a source of `channels` channels that is not in parts.
static inline source_part source_part_of(const activation_source *s, int channels, int channel) {
  if (!s->parts) return (source_part){*s, 0, channels};
  const source_part *p = s->parts;
  while (channel >= p->first + p->channels) p++;
  return *p;
}

/// The first channel of the next part, or `last` where that comes before.
static inline int source_part_end(const source_part *p, int last) {
  return p->first + p->channels < last ? p->first + p->channels : last;
}

/// The part of a float target, added to where `accumulate` says so, that holds `channel`.
static inline target_part target_part_of(const activation_target *t, int accumulate, int channels, int channel) {
  if (!t->parts) return (target_part){(float *)t->at, 0, channels, accumulate};
  const target_part *p = t->parts;
  while (channel >= p->first + p->channels) p++;
  return *p;
}

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
