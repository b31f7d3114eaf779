// Losses of two passes, which depend on sums over the voxels of a case: soft Dice and its like; see
// elementwise/overlap_loss.h.
#pragma once
#include "elementwise.h"

#pragma clang assume_nonnull begin

/// Doubles of one slice's sums: I[classes], P[classes], Y[classes], E.
static inline long overlap_sums_count(int classes) { return 3 * (long)classes + 1; }
/// Floats of the derivatives of one case: by I[classes], by P[classes], by E.
static inline long overlap_derivatives_count(int classes) { return 2 * (long)classes + 1; }

/// Items are slices (n, d); `rows` holds 2 * width.in * stride floats. No fused multiply-adds: all instruction sets give
/// the same bits.
typedef struct {
  void (*sums)(const loss_shape *s, const float *x, const uint8_t *labels, double *sums, float *rows, long first,
               long last);
  /// dx = the gradient by the coarse logits; `derivatives` holds those of every case.
  void (*gradient)(const loss_shape *s, const float *x, const uint8_t *labels, const float *derivatives, float *dx,
                   float *rows, long first, long last);
} overlap_loss_kernels;

#pragma clang assume_nonnull end
