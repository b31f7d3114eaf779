// Three-dimensional convolution ("same" padding, odd kernels) and its two gradients.
//
// Activations are [N][D][H][W][channels rounded up to 16], padding zero; with `planar` the one-channel input is a plain
// image [N][D][H][W]. Weights and their gradients are in PyTorch's layout [out][in][kD][kH][kW], bias is [out].
#pragma once
#include "activation.h"
#include <stddef.h>

typedef struct {
  int batch, channels, out_channels;  // real channels; memory holds them rounded up to 16
  int in[3], out[3];                  // D, H, W
  int kernel[3], stride[3], dilation[3];
  int planar;  // the input has one channel and no channel padding
} convolution_shape;

// ---- The definitions

/// What becomes of a sum before it is stored: sum * scale + bias, then zero instead of negative values if `rectify`. One
/// scale and bias per target channel; NULL for 1 and 0. The vector kernels' are padded with zeros like the target.
typedef struct {
  const float *scale, *bias;
  int rectify;
} convolution_finish;

/// y = W * x, finished, the output rows (n, d, h) with flat index first ..< last; padding becomes zero.
void convolution_forward_scalar(const convolution_shape *s, const float *x, const float *weights,
                                const convolution_finish *finish, float *y, long first, long last);
/// dx = W^T * dy, or dx += with `accumulate`, the input rows (n, d, h) with flat index first ..< last.
void convolution_backward_input_scalar(const convolution_shape *s, const float *dy, const float *weights, float *dx,
                                       int accumulate, long first, long last);
/// dW[o][i][kd][kh][kw] = sum over the batch's voxels of dy * x, the pairs (o, i) with flat index first ..< last.
void convolution_backward_weights_scalar(const convolution_shape *s, const float *x, const float *dy, float *dweights,
                                         long first, long last);

// ---- Direct kernels

/// One axis of a gathering sum: every target coordinate reads some source coordinates, one per tap.
/// Forward, the source is x and the target y; `backward`, the source is dy and the target dx.
typedef struct {
  int sources, targets, kernel, stride, dilation, backward;
} convolution_axis;

enum { convolution_max_side = 15, convolution_max_taps = 343, convolution_max_band = 8 };

/// target[t] = sum over taps of weight[tap] * source[where the tap of t reads]: forward, or backward input.
///
/// A worker takes bands of target rows. For a band it packs the source rows it needs, depth by depth, as
/// [phase][channel block][left + columns][16] (a plane [phase][left + columns] when the source is planar), so that any
/// tap of any target column is one constant offset away and columns outside the volume are zero.
typedef struct {
  convolution_axis axes[3];
  int batch, source_channels, target_channels;  // channels as stored; 1 for a planar source
  int pairs, packed_channels;                   // bfloat16: packed, two channels share the place of a float
  int rows_per_band, bands, row_slots;          // target rows a work item computes; packed rows a slice needs at most
  int left, columns;                            // zero columns before, and all columns of a packed plane
  long row_floats;                              // one packed row, all phases
  int tile;                                     // most target voxels that one microkernel call computes
} convolution_gather;

/// The plan of a gather. `workers` only shapes the bands, never the bits of a result.
convolution_gather convolution_gather_plan(const convolution_shape *s, int backward, int pairs, int tile, int workers);
/// Work items of a gather: (image, band).
long convolution_gather_items(const convolution_gather *g);
/// Floats of scratch that one worker needs.
long convolution_gather_scratch(const convolution_gather *g);

/// Packs weights for a gather into [target block][tap][source channel or pair][block], zeros in the padding; the work
/// items (target block, source channel or pair) with flat index first ..< last.
void convolution_pack_weights(const convolution_shape *s, const convolution_gather *g, int block, const float *weights,
                              float *packed, long first, long last);
long convolution_pack_items(const convolution_gather *g, int block);
long convolution_packed_floats(const convolution_gather *g, int block);

/// Weight gradients: a work item is a block of output channels x 16 input channels x one depth tap (of a planar input:
/// x 8 taps). Its sums lie at sums + item * convolution_gradient_tile(...).
typedef struct {
  convolution_gather gather;  // the forward plan: which rows are packed, and how
  int block;                  // output channels of a tile
  int out_channels;           // as stored
} convolution_gradient;

convolution_gradient convolution_gradient_plan(const convolution_shape *s, int block);
long convolution_gradient_items(const convolution_gradient *g);
long convolution_gradient_tile(const convolution_gradient *g);
long convolution_gradient_scratch(const convolution_gradient *g);
/// Writes the sums of items first ..< last in PyTorch's layout.
void convolution_unpack_gradient(const convolution_shape *s, const convolution_gradient *g, const float *sums,
                                 float *dweights, long first, long last);

/// The kernels of one instruction set.
typedef struct {
  const char *name;
  int (*is_supported)(void);
  int block;  // output channels of a packed weight block: two vectors
  int tile;   // voxels that the registers hold
  int pairs;  // operands rounded to bfloat16
  /// Work items first ..< last; `accumulate` adds the target to the sums. A planar source is floats.
  void (*gather)(const convolution_gather *g, activation_source source, const float *packed,
                 const convolution_finish *finish, activation_target target, int accumulate, long first, long last,
                 float *scratch);
  void (*gradient)(const convolution_gradient *g, const float *x, activation_source dy, float *sums, long first,
                   long last, float *scratch);
} convolution_variant;

/// The vector kernels of this build, fastest first, or NULL past the last one. Those that this processor cannot run are
/// listed too; where none is supported, the definitions above serve.
const convolution_variant *convolution_variant_at(int index);
/// The bfloat16 kernels of this build, or NULL.
const convolution_variant *convolution_variant_bfloat16(void);
