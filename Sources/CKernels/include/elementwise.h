// Everything of a network that is neither a convolution nor a matrix product.
//
// Activations are [voxels][stride] floats, stride being the channels rounded up to 16; padding channels hold zero on
// entry and on exit. Counts of floats are multiples of 16. Parameters are unpadded.
//
// Loops are written once, in blocks of 16 floats, and compiled for every instruction set. Those that use no fused
// multiply-adds have no other definition: all instruction sets give the same bits.
#pragma once
#include "activation.h"
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Voxels of one partial sum. Partial sums are added in order afterwards.
enum { partial_voxels = 512 };

/// The voxel after the last one of partial sum `index`.
static inline long partial_end(long index, long voxels) {
  const long end = (index + 1) * partial_voxels;
  return end < voxels ? end : voxels;
}

/// sums[k] = sum over partials t of partials[t][k], in double.
static inline void add_partial_sums(const float *partials, long count, long stride, long numbers, float *sums) {
  for (long k = 0; k < numbers; k++) {
    double sum = 0;
    for (long t = 0; t < count; t++) sum += partials[t * stride + k];
    sums[k] = (float)sum;
  }
}

// ---- Sums, products, ReLU, sigmoid, copies

/// Channels from_first ..< from_first + channels of every voxel go to channels to_first ... of another activation.
typedef struct {
  const float *from;
  int from_stride, from_first;
  float *to;
  int to_stride, to_first;
  int channels, accumulate;
  long voxels;
} channel_copy;

/// A gate times one activation times another, and what backward makes of it.
typedef struct {
  const float *gate;  // one number for each channel
  const float *a, *b, *dy;
  gradient_target da, db;  // either may be left out, or be dy itself
  long voxels;
  int stride;
} gated_product_job;

/// No fused multiply-adds: all instruction sets give the same bits.
typedef struct {
  /// y = a + b, each normalised where it must be, then max(0, y) with `rectify`. NaN stays NaN. Voxels of y are `y_stride`
  /// floats apart.
  void (*add)(activation_source a, activation_source b, float *y, int y_stride, long voxels, int stride, int rectify);
  /// g = dy where y > 0 (everywhere when y is NULL); da and db (either may be left out, or be dy itself) receive g.
  void (*add_backward)(const float *dy, const float *_Nullable y, gradient_target da, gradient_target db, long count);
  /// y = max(0, x).
  void (*rectify)(const float *x, float *y, long count);
  /// y = x where it is positive, else slope x.
  void (*leak)(const float *x, float slope, float *y, long count);
  /// dx = dy where y is positive, else slope dy.
  void (*leak_backward)(const float *dy, const float *y, float slope, gradient_target dx, long count);
  void (*multiply)(const float *a, const float *b, float *y, long count);
  /// da = dy b, db = dy a; either may be left out.
  void (*multiply_backward)(const float *dy, const float *a, const float *b, gradient_target da, gradient_target db,
                            long count);
  /// y = 1 / (1 + exp(-x)) on real channels, zero on padding.
  void (*sigmoid)(const float *x, float *y, long voxels, int channels, int stride);
  /// dx = dy y (1 - y).
  void (*sigmoid_backward)(const float *dy, const float *y, gradient_target dx, long count);
  /// y = x + factor a.
  void (*scaled_add)(const float *x, const float *a, float factor, float *y, long count);
  /// to = factor from.
  void (*scale)(const float *from, float factor, gradient_target to, long count);
  /// The sum of a b over floats first ..< last, in double.
  double (*dot)(const float *a, const float *b, long first, long last);
  /// y[v] = x (one number per channel), or y[v] = x m[v] when m is not NULL.
  void (*broadcast)(const float *x, const float *_Nullable m, gradient_target y, long voxels, int stride);
  /// partials[t][stride] = sums over partial t of a b (of a when b is NULL), partials first ..< last.
  void (*column_sums)(const float *a, const float *_Nullable b, double *partials, long voxels, int stride, long first,
                      long last);
  void (*copy_channels)(const channel_copy *copy);
  /// y = (gate a) b; y may be a or b itself.
  void (*gated_product)(const gated_product_job *j, float *y);
  /// da = gate (dy b), db = dy (gate a), partials[t][stride] = sums over partial t of (dy b) a, partials first ..< last.
  void (*gated_product_backward)(const gated_product_job *j, double *partials, long first, long last);
} arithmetic_kernels;

// ---- Batch normalisation

/// y = (x - mean) scale + shift, one number per channel; with `rectify` what is below 0 is then multiplied by `slope`.
typedef struct {
  activation_source x;
  const float *_Nullable mean, *_Nullable scale, *_Nullable shift;
  long voxels;
  int stride, rectify;
  float slope;  // 0: ReLU
} batch_norm_job;

typedef struct {
  /// partials[t][2][stride]: sums of x and of x^2 over partial t; reads x, voxels and stride only.
  void (*sums)(const batch_norm_job *n, double *partials, long first, long last);
  void (*apply)(const batch_norm_job *n, float *y);
  /// partials[t][2][stride]: sums of g and of g (x - mean), where g is dy, times the slope where y <= 0 with `rectify`.
  void (*backward_sums)(const batch_norm_job *n, const float *dy, double *partials, long first, long last);
  /// dx = scale g + a (x - mean) + b, in numbers of x's kind; bfloat16 numbers are not added to.
  void (*backward_apply)(const batch_norm_job *n, const float *dy, const float *a, const float *b, activation_target dx,
                         int accumulate);
} batch_norm_kernels;

// ---- Softmax

/// Of `rows` rows of `columns` numbers, `stride` floats apart.
typedef struct {
  /// Each row becomes its softmax.
  void (*forward)(float *scores, long rows, long columns, long stride);
  /// Each row of dp becomes p (dp - sum p dp), the gradient of its scores.
  void (*backward)(const float *p, float *dp, long rows, long columns, long stride);
} softmax_kernels;

// ---- Resize

/// One axis of a linear resize: output o mixes inputs low[o] and high[o] with weights 1 - fraction[o] and fraction[o].
typedef struct {
  int in, out;
  const int32_t *low, *high;
  const float *fraction;
} resize_axis;

/// A resize of [batch][D][H][W][stride] along all three axes.
typedef struct {
  int batch, stride;
  resize_axis depth, height, width;
} resize_shape;

typedef struct {
  /// Output slices (n, d) first ..< last; `row` holds width.in * stride floats.
  void (*forward)(const resize_shape *s, const float *x, float *y, float *row, long first, long last);
  /// Input slices (n, d) first ..< last, gathered from every output slice that reads them.
  void (*backward)(const resize_shape *s, const float *dy, gradient_target dx, float *row, long first, long last);
} resize_kernels;

// ---- Loss

/// Coarse logits [batch][depth][height.in][width.in][stride], labels [batch][depth][height.out][width.out]. A voxel whose
/// label is no class is ignored: no loss, no gradient, no part of a mean.
typedef struct {
  int batch, depth, classes, stride;
  resize_axis height, width;
  int pixelwise;  // 1: Eq. 9 over all classes; 0: cross-entropy
  long ignored;   // how many voxels are ignored
  const float *_Nullable weights;  // of the classes; null: every one is 1
  double weight;         // with weights, what the sum of the terms is divided by
} loss_shape;

/// Slices (n, d) first ..< last; `rows` holds 2 * width.in * stride floats.
typedef struct {
  /// losses[slice] = sum over its voxels and (pixelwise) classes; dx = gradient of the loss's mean over everything.
  void (*loss)(const loss_shape *s, const float *x, const uint8_t *labels, float *dx, double *losses, float *rows,
               long first, long last);
  /// The class of the largest logit (the lowest class of equals) of every full-resolution voxel.
  void (*classify)(const loss_shape *s, const float *x, uint8_t *labels, float *rows, long first, long last);
} loss_kernels;

// ---- Losses of two passes, which depend on sums over the voxels of a case: soft Dice and its like

/// Doubles of one slice's sums: I[classes], P[classes], Y[classes], E, whose terms have their class's weight.
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

// ---- Max pooling

/// Max pooling over windows of (1,2,2), stride (1,2,2); an odd last row or column belongs to no window.
/// Of equal values the first in the window wins, as in PyTorch.
typedef struct {
  long slices, height, width, stored;  // the input; slices = N * D
} max_pooling_shape;

typedef struct {
  /// Items are output rows (slice, row). x is normalised where it must be, but not by the
  /// definition.
  void (*forward)(const max_pooling_shape *s, activation_source x, float *y, long first, long last);
  /// Item (slice, row) writes the two input rows of its window, the slice's last item also an odd last row.
  void (*backward)(const max_pooling_shape *s, activation_source x, const float *dy, gradient_target dx, long first,
                   long last);
} max_pooling_kernels;

// ---- Average pooling

/// Average pooling whose stride is its window; what is left of an odd side belongs to no window.
typedef struct {
  long depth, height, width, stored;  // the input's, of each case
  long window[3];                     // 1 or 2 along each axis
} average_pooling_shape;

/// Items are output rows (case, slice, row).
typedef struct {
  void (*forward)(const average_pooling_shape *s, const float *x, float *y, long first, long last);
  /// Adds every window's share of the gradient to dx.
  void (*backward)(const average_pooling_shape *s, const float *dy, float *dx, long first, long last);
} average_pooling_kernels;

// ---- Layer norm

/// Layer norm over the channels of each voxel: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, variance biased.
typedef struct {
  long voxels, channels;
  float epsilon;
} layer_norm_shape;

typedef struct {
  /// Items are voxels.
  void (*forward)(const layer_norm_shape *s, const float *x, const float *gamma, const float *beta, float *y,
                  long first, long last);
  /// Items are partial sums; partials[item][2][stored channels] receives their dgamma and dbeta.
  void (*backward)(const layer_norm_shape *s, const float *x, const float *gamma, const float *dy, gradient_target dx,
                   float *partials, long first, long last);
} layer_norm_kernels;

// ---- GELU

/// GELU, exact: y = x Phi(x), Phi the normal distribution. Items are groups of 16 floats.
typedef struct {
  void (*forward)(const float *x, float *y, long first, long last);
  void (*backward)(const float *x, const float *dy, gradient_target dx, long first, long last);
} gelu_kernels;

// ---- Layer scale and attention gate

/// Layer scale with its residual, y = shortcut + scale_c x, and the attention gate's last step, y = x sigmoid(a) with
/// one `a` (channel 0 of a 16-wide map) per voxel.
typedef struct {
  long voxels, channels;
} scaling_shape;

/// y = shortcut + scale_c x.
typedef struct {
  /// Items are voxels.
  void (*forward)(const scaling_shape *s, const float *x, const float *scale, const float *shortcut, float *y,
                  long first, long last);
  /// Items are partial sums; partials[item][stored channels] receives their dscale. The shortcut's gradient is dy
  /// itself.
  void (*backward)(const scaling_shape *s, const float *x, const float *scale, const float *dy, gradient_target dx,
                   float *partials, long first, long last);
} layer_scale_kernels;

/// y = x sigmoid(a) with one `a` (channel 0 of a 16-wide map) per voxel. Items are voxels.
typedef struct {
  void (*forward)(const scaling_shape *s, const float *x, const float *a, float *y, long first, long last);
  void (*backward)(const scaling_shape *s, const float *x, const float *a, const float *dy, gradient_target dx,
                   gradient_target da, long first, long last);
} gate_kernels;

// ---- Optimiser

/// Numbers of one Adam step.
typedef struct {
  float rate, beta1, beta2, epsilon, decay;
  float correction1, correction2;  // 1 - beta^t of both moments
} adam_step;

/// Numbers of one step of gradient descent with momentum.
typedef struct {
  float rate, momentum, decay;
  int nesterov;
} sgd_step;

#pragma clang assume_nonnull end
