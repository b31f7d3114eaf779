// Everything of a network that is neither a convolution nor a matrix product.
//
// Activations are [voxels][stride] floats, stride being the channels rounded up to 16; padding channels hold zero on
// entry and on exit. Counts of floats are multiples of 16. `accumulate` adds to what the result holds. Sums over voxels
// go over fixed tiles in double, so that no result depends on who computed which tile. Each loop is written once, in
// blocks of 16 lanes and without contraction, and compiled for three instruction sets: all give the same bits.
#pragma once
#include "activation.h"
#include <stdint.h>

/// Voxels of one partial sum.
enum { operations_tile = 512 };

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

/// Coarse logits [batch][depth][height.in][width.in][stride], labels [batch][depth][height.out][width.out].
typedef struct {
  int batch, depth, classes, stride;
  resize_axis height, width;
  int pixelwise;  // 1: Eq. 9 over all classes; 0: cross-entropy
} loss_shape;

/// Numbers of one Adam step.
typedef struct {
  float rate, beta1, beta2, epsilon, decay;
  float correction1, correction2;  // 1 - beta^t of both moments
} adam_step;

typedef struct {
  // ---- pointwise: `count` floats
  /// y = a + b, then max(0, y) with `rectify`. NaN stays NaN.
  void (*add)(const float *a, const float *b, float *y, long count, int rectify);
  /// g = dy where y > 0 (everywhere when y is NULL); da and db (either may be NULL, or dy itself) receive g.
  void (*add_backward)(const float *dy, const float *y, float *da, int accumulate_a, float *db, int accumulate_b,
                       long count);
  void (*rectify)(const float *x, float *y, long count);
  void (*multiply)(const float *a, const float *b, float *y, long count);
  /// da = dy b, db = dy a.
  void (*multiply_backward)(const float *dy, const float *a, const float *b, float *da, int accumulate_a, float *db,
                            int accumulate_b, long count);
  /// y = 1 / (1 + exp(-x)) on real channels, zero on padding.
  void (*sigmoid)(const float *x, float *y, long voxels, int channels, int stride);
  /// dx = dy y (1 - y).
  void (*sigmoid_backward)(const float *dy, const float *y, float *dx, int accumulate, long count);
  /// y = x + scale a.
  void (*scaled_add)(const float *x, const float *a, float scale, float *y, long count);
  /// to = scale from.
  void (*scale)(const float *from, float scale, float *to, int accumulate, long count);
  /// Sum of a b over floats first ..< last, in double.
  double (*dot)(const float *a, const float *b, long first, long last);

  // ---- pointwise: one vector per volume
  /// y[v] = x (per channel), or y[v] = x m[v] when m is not NULL.
  void (*spread)(const float *x, const float *m, float *y, int accumulate, long voxels, int stride);
  /// partials[t][stride] = sums over tile t of a b (of a when b is NULL), tiles first ..< last.
  void (*column_sums)(const float *a, const float *b, double *partials, long voxels, int stride, long first, long last);

  // ---- pointwise: channels
  /// Copies `channels` channels of each voxel from channel `from_first` to channel `to_first`.
  void (*copy_channels)(const float *from, int from_stride, int from_first, float *to, int to_stride, int to_first,
                        int channels, int accumulate, long voxels);

  // ---- norm
  /// partials[t][2][stride]: sums of x and of x^2 over tile t.
  void (*norm_sums)(activation_source x, double *partials, long voxels, int stride, long first, long last);
  /// y = (x - mean) scale + shift, then max(0, y) with `rectify`.
  void (*norm_apply)(activation_source x, const float *mean, const float *scale, const float *shift, float *y,
                     long voxels, int stride, int rectify);
  /// partials[t][2][stride]: sums of g and of g (x - mean), where g is dy where y > 0 (or dy without `rectify`).
  void (*norm_backward_sums)(activation_source x, const float *dy, const float *mean, const float *scale,
                             const float *shift, double *partials, long voxels, int stride, int rectify, long first,
                             long last);
  /// dx = scale g + a (x - mean) + b, in numbers of x's kind; halves are not added to.
  void (*norm_backward_apply)(activation_source x, const float *dy, const float *mean, const float *scale,
                              const float *shift, const float *a, const float *b, activation_target dx, int accumulate,
                              long voxels, int stride, int rectify);

  // ---- attention: `rows` rows of `columns` numbers, `stride` floats apart
  /// Each row becomes its softmax.
  void (*softmax_rows)(float *scores, long rows, long columns, long stride);
  /// Each row of dp becomes p (dp - sum p dp), the gradient of its scores.
  void (*softmax_backward)(const float *p, float *dp, long rows, long columns, long stride);

  // ---- resize
  /// Output slices (n, d) first ..< last; `row` holds width.in * stride floats.
  void (*resize)(const resize_shape *s, const float *x, float *y, float *row, long first, long last);
  /// Input slices (n, d) first ..< last, gathered from every output slice that reads them.
  void (*resize_backward)(const resize_shape *s, const float *dy, float *dx, int accumulate, float *row, long first,
                          long last);

  // ---- loss, slices (n, d) first ..< last; `rows` holds 2 * width.in * stride floats
  /// losses[slice] = sum over its voxels and (pixelwise) classes; dx = gradient of the loss's mean over everything.
  void (*loss)(const loss_shape *s, const float *x, const uint8_t *labels, float *dx, double *losses, float *rows,
               long first, long last);
  /// The class of the largest logit (the lowest class of equals) of every full-resolution voxel.
  void (*classify)(const loss_shape *s, const float *x, uint8_t *labels, float *rows, long first, long last);

  // ---- optimizer, `count` floats
  void (*adam)(const adam_step *a, float *parameters, const float *gradients, float *first, float *second, long count);

  // ---- measurement
  /// Does 256 fused multiply-adds per round in registers and returns how many it did; `sink` takes 16 floats.
  double (*multiply_adds)(long rounds, float *sink);
} operations_table;

extern const operations_table operations_avx512, operations_avx2, operations_scalar;
