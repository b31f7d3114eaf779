// Weights of 1x1x1 convolutions as the micro-kernel reads them.
#pragma once
#include "../../gemm/microkernel.h"
#include "../../simd/math.h"
#include "blocks.h"
#include "cpu_kernels.h"

/// 16 source channels of a forward block, whose weights lie target by target: 16 targets at a time change places.
INLINE void conv1x1_turn(const float *weights, long sources, float *to) {
  for (int target = 0; target < block_floats; target += 16, weights += 16 * sources) {
    vec16 rows[16];
    UNROLLED for (int i = 0; i < 16; i++) rows[i] = load(weights + i * sources);
    transpose(rows);
    UNROLLED for (int i = 0; i < 16; i++) store(to + i * block_floats + target, rows[i]);
  }
}

/// The same where some of the 16 channels, or of the targets, do not exist.
static void conv1x1_pack_edge(const float *weights, long source_step, long target_step, long sources, long targets,
                              float *to) {
  memset(to, 0, 16 * block_floats * sizeof(float));
  for (long i = 0; i < sources; i++)
    for (long lane = 0; lane < targets; lane++)
      to[i * block_floats + lane] = weights[i * source_step + lane * target_step];
}

static void conv1x1_pack_weights(const convolution_shape *s, const conv1x1_plan *p, const float *weights, float *packed,
                                 long first, long last) {
  const long targets = p->backward ? s->channels : s->out_channels;
  const long sources = p->backward ? s->out_channels : s->channels;
  const long source_step = p->backward ? targets : 1, target_step = p->backward ? 1 : sources;
  for (long item = first; item < last; item++) {
    // Neighbouring items read on in the same rows.
    const long source = (p->backward ? item / conv1x1_blocks(p) : item % conv1x1_sources(p)) * 16;
    const long block = p->backward ? item % conv1x1_blocks(p) : item / conv1x1_sources(p);
    const long target = block * block_floats;
    const float *from = weights + source * source_step + target * target_step;
    float *to = packed + (block * p->source_channels + source) * block_floats;
    const long count = sources - source < 16 ? sources - source : 16;
    const long lanes = targets - target < block_floats ? targets - target : block_floats;
    if (count < 16 || lanes < block_floats) conv1x1_pack_edge(from, source_step, target_step, count, lanes, to);
    else if (p->backward)
      for (int i = 0; i < 16; i++) memcpy(to + i * block_floats, from + i * targets, block_floats * sizeof(float));
    else conv1x1_turn(from, sources, to);
  }
}
