// The table of all kernels of one instruction set, and what their arguments look like.
//
// Activations are [N][D][H][W][channels rounded up to 16] floats; padding channels hold zero on entry and on exit. A
// `stride` is that rounded number. Counts of floats are multiples of 16.
//
// A call works on the items first ..< last only, so callers may split the items over threads in any way without changing
// a bit: every number is computed by one worker in one order, and sums over voxels go over fixed runs of voxels.
#pragma once
#include "activation.h"
#include "baselines.h"
#include "convolution.h"
#include "matmul.h"
#include "operations.h"
#include "overlap_loss.h"
#include "point.h"
#include "winograd.h"

#pragma clang assume_nonnull begin

/// Voxels of one partial sum. Partial sums are added in order afterwards.
enum { partial_voxels = 512 };

/// The voxel after the last one of partial sum `index`.
static inline long partial_end(long index, long voxels) {
  const long end = (index + 1) * partial_voxels;
  return end < voxels ? end : voxels;
}

/// Where a gradient goes, and whether it is added to what is there (`accumulate`) or replaces it. NULL where the caller
/// may leave a gradient out: it is not computed.
typedef struct {
  float *_Nullable at;
  int accumulate;
} gradient_target;

// ---- Element by element

/// Channels from_first ..< from_first + channels of every voxel go to channels to_first ... of another activation.
typedef struct {
  const float *from;
  int from_stride, from_first;
  float *to;
  int to_stride, to_first;
  int channels, accumulate;
  long voxels;
} channel_copy;

/// No fused multiply-adds: all instruction sets give the same bits.
typedef struct {
  /// y = a + b, then max(0, y) with `rectify`. NaN stays NaN.
  void (*add)(const float *a, const float *b, float *y, long count, int rectify);
  /// g = dy where y > 0 (everywhere when y is NULL); da and db (either may be left out, or be dy itself) receive g.
  void (*add_backward)(const float *dy, const float *_Nullable y, gradient_target da, gradient_target db, long count);
  /// y = max(0, x).
  void (*rectify)(const float *x, float *y, long count);
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
} arithmetic_kernels;

/// y = (x - mean) scale + shift, one number per channel, then max(0, y) with `rectify`.
typedef struct {
  activation_source x;
  const float *_Nullable mean, *_Nullable scale, *_Nullable shift;
  long voxels;
  int stride, rectify;
} batch_norm_job;

typedef struct {
  /// partials[t][2][stride]: sums of x and of x^2 over partial t; reads x, voxels and stride only.
  void (*sums)(const batch_norm_job *n, double *partials, long first, long last);
  void (*apply)(const batch_norm_job *n, float *y);
  /// partials[t][2][stride]: sums of g and of g (x - mean), where g is dy where y > 0 (or dy without `rectify`).
  void (*backward_sums)(const batch_norm_job *n, const float *dy, double *partials, long first, long last);
  /// dx = scale g + a (x - mean) + b, in numbers of x's kind; bfloat16 numbers are not added to.
  void (*backward_apply)(const batch_norm_job *n, const float *dy, const float *a, const float *b, activation_target dx,
                         int accumulate);
} batch_norm_kernels;

/// Of `rows` rows of `columns` numbers, `stride` floats apart.
typedef struct {
  /// Each row becomes its softmax.
  void (*forward)(float *scores, long rows, long columns, long stride);
  /// Each row of dp becomes p (dp - sum p dp), the gradient of its scores.
  void (*backward)(const float *p, float *dp, long rows, long columns, long stride);
} softmax_kernels;

typedef struct {
  /// Output slices (n, d) first ..< last; `row` holds width.in * stride floats.
  void (*forward)(const resize_shape *s, const float *x, float *y, float *row, long first, long last);
  /// Input slices (n, d) first ..< last, gathered from every output slice that reads them.
  void (*backward)(const resize_shape *s, const float *dy, gradient_target dx, float *row, long first, long last);
} resize_kernels;

/// Slices (n, d) first ..< last; `rows` holds 2 * width.in * stride floats.
typedef struct {
  /// losses[slice] = sum over its voxels and (pixelwise) classes; dx = gradient of the loss's mean over everything.
  void (*loss)(const loss_shape *s, const float *x, const uint8_t *labels, float *dx, double *losses, float *rows,
               long first, long last);
  /// The class of the largest logit (the lowest class of equals) of every full-resolution voxel.
  void (*classify)(const loss_shape *s, const float *x, uint8_t *labels, float *rows, long first, long last);
} loss_kernels;

typedef struct {
  /// Items are output rows (slice, row).
  void (*forward)(const pooling_shape *s, const float *x, float *y, long first, long last);
  /// Item (slice, row) writes the two input rows of its window, the slice's last item also an odd last row.
  void (*backward)(const pooling_shape *s, const float *x, const float *dy, float *dx, int accumulate, long first,
                   long last);
} max_pooling_kernels;

typedef struct {
  /// Items are voxels.
  void (*forward)(const layernorm_shape *s, const float *x, const float *gamma, const float *beta, float *y, long first,
                  long last);
  /// Items are partial sums; partials[item][2][stored channels] receives their dgamma and dbeta.
  void (*backward)(const layernorm_shape *s, const float *x, const float *gamma, const float *dy, gradient_target dx,
                   float *partials, long first, long last);
} layer_norm_kernels;

/// y = shortcut + scale_c x.
typedef struct {
  /// Items are voxels.
  void (*forward)(const scaling_shape *s, const float *x, const float *scale, const float *shortcut, float *y,
                  long first, long last);
  /// Items are partial sums; partials[item][stored channels] receives their dscale. The shortcut's gradient is dy itself.
  void (*backward)(const scaling_shape *s, const float *x, const float *scale, const float *dy, gradient_target dx,
                   float *partials, long first, long last);
} layer_scale_kernels;

/// y = x sigmoid(a) with one `a` (channel 0 of a 16-wide map) per voxel. Items are voxels.
typedef struct {
  void (*forward)(const scaling_shape *s, const float *x, const float *a, float *y, long first, long last);
  void (*backward)(const scaling_shape *s, const float *x, const float *a, const float *dy, gradient_target dx,
                   gradient_target da, long first, long last);
} gate_kernels;

// ---- Convolutions and matrix products

/// What a convolution reads and writes: forward, the source is x and the target y; backward, the source is dy and the
/// target dx.
typedef struct {
  activation_source source;
  const float *weights;  // packed, or transformed
  const convolution_finish *finish;
  activation_target target;
  int accumulate;  // add the target to the sums
} convolution_call;

typedef struct {
  int block;  // output channels of a packed weight block: two vectors
  int tile;   // voxels that the registers hold
  int pairs;  // operands rounded to bfloat16
  /// Forward or backward input, items (image, band). A planar source is floats.
  void (*gather)(const convolution_gather *g, const convolution_call *call, long first, long last, float *scratch);
  void (*gradient)(const convolution_gradient *g, const float *x, activation_source dy, float *sums, long first,
                   long last, float *scratch);
} direct_kernels;

/// Source and target are floats.
typedef struct {
  int block, tile;  // target channels and voxels of a register tile
  void (*gather)(const point_plan *p, const convolution_call *call, long first, long last, float *scratch);
  void (*gradient)(const point_plan *p, const float *x, const float *dy, float *sums, long first, long last,
                   float *scratch);
} conv1x1_kernels;

/// With `pairs` there are no weight gradients: the last four are NULL.
typedef struct {
  int block, pairs;
  void (*weights)(const winograd_plan *p, const float *weights, int channels, int out_channels, float *u, long first,
                  long last);
  void (*gather)(const winograd_plan *p, const convolution_call *call, long first, long last, float *scratch);
  void (*_Nullable clear)(const winograd_plan *p, float *v);
  void (*_Nullable transform)(const winograd_plan *p, const float *x, activation_source dy, long group, float *v,
                              float *m, long first, long last);
  void (*_Nullable multiply)(const winograd_plan *p, const float *v, const float *m, int is_first, float *du,
                             long first, long last);
  void (*_Nullable finish)(const winograd_plan *p, const float *du, int channels, int out_channels, float *dweights,
                           long first, long last);
} winograd_kernels;

typedef struct {
  int block, tile;  // columns and rows of a register tile
  void (*product)(const matmul_shape *s, const float *a, const float *packed_b, float *c, long first, long last,
                  float *scratch);
} matmul_kernels;

// ---- The table

typedef enum { cpu_avx512, cpu_avx2, cpu_scalar } cpu_instruction_set;

/// The kernels of one instruction set. NULL: it has none of that kind. For `cpu_scalar`, the definitions serve instead,
/// convolution_forward_scalar and the like, which take no packed memory.
typedef struct {
  const char *name;
  const direct_kernels *_Nullable direct, *_Nullable direct_bfloat16;
  const winograd_kernels *_Nullable winograd, *_Nullable winograd_bfloat16;
  const conv1x1_kernels *_Nullable conv1x1;
  const matmul_kernels *_Nullable matmul;
  const depthwise_kernels *depthwise;
  const transposed_kernels *transposed;
  const arithmetic_kernels *arithmetic;
  const batch_norm_kernels *batch_norm;
  const softmax_kernels *softmax;
  const resize_kernels *resize;
  const loss_kernels *losses;
  const overlap_loss_kernels *overlaps;
  const max_pooling_kernels *max_pooling;
  const layer_norm_kernels *layer_norm;
  const gelu_kernels *gelu;
  const layer_scale_kernels *layer_scale;
  const gate_kernels *gate;
  /// One step of Adam on `count` floats; `first` and `second` are its moments.
  void (*adam)(const adam_step *a, float *parameters, const float *gradients, float *first, float *second, long count);
  /// Does 256 fused multiply-adds per round in registers and returns how many it did; `sink` takes 16 floats.
  double (*multiply_adds)(long rounds, float *sink);
} cpu_kernels;

/// The kernels of an instruction set, or NULL where this build or this processor has none; there are always scalar ones.
/// Those for bfloat16 are there only if processor_has_bfloat16().
const cpu_kernels *_Nullable cpu_kernels_for(cpu_instruction_set set);

#pragma clang assume_nonnull end
