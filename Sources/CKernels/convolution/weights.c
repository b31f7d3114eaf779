// Weights from PyTorch's layout into the order in which the microkernel streams them.
#include "convolution.h"
#include <stdint.h>
#include <string.h>

long convolution_pack_items(const convolution_gather *g, int block) {
  return (long)((g->target_channels + block - 1) / block) * g->packed_channels;
}

long convolution_packed_floats(const convolution_gather *g, int block) {
  return convolution_pack_items(g, block) * g->axes[0].kernel * g->axes[1].kernel * g->axes[2].kernel * block;
}

/// To nearest, ties to even; a NaN stays one.
static uint32_t bfloat16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (value != value) return bits >> 16 | 0x40;
  return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

/// Two weights in the place of a float, the first in the low half.
static float bfloat16_pair(float first, float second) {
  const uint32_t bits = bfloat16(first) | bfloat16(second) << 16;
  float pair;
  memcpy(&pair, &bits, sizeof pair);
  return pair;
}

void convolution_pack_weights(const convolution_shape *s, const convolution_gather *g, int block, const float *weights,
                              float *packed, long first, long last) {
  const int backward = g->axes[0].backward, taps = s->kernel[0] * s->kernel[1] * s->kernel[2], step = g->pairs ? 2 : 1;
  const int targets = backward ? s->channels : s->out_channels, sources = backward ? s->out_channels : s->channels;
  const long target_stride = backward ? taps : (long)s->channels * taps;
  const long source_stride = backward ? (long)s->channels * taps : taps;
  for (long item = first; item < last; item++) {
    const int c = item % g->packed_channels * step, target = item / g->packed_channels * block;
    int lanes = targets - target < block ? targets - target : block;
    if (c >= sources || lanes < 0) lanes = 0;
    const float *from = weights + target * target_stride + c * source_stride;
    for (int tap = 0; tap < taps; tap++, from++) {
      float *to = packed + ((item / g->packed_channels * taps + tap) * g->packed_channels + c / step) * block;
      for (int lane = 0; lane < lanes; lane++) {
        const float *weight = from + lane * target_stride;
        to[lane] = g->pairs ? bfloat16_pair(*weight, c + 1 < sources ? weight[source_stride] : 0) : *weight;
      }
      for (int lane = lanes; lane < block; lane++) to[lane] = 0;
    }
  }
}
