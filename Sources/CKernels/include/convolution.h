// Convolutions: the definition, and the direct, 1x1x1, depthwise and transposed kernels. winograd.h has the others.
//
// Activations are [N][D][H][W][channels rounded up to 16], padding zero; "stored" counts are those rounded ones.
// Weights and their gradients are in PyTorch's layout [out][in][kD][kH][kW], bias is [out].
//
// A call works on the items first ..< last only, so callers may split the items over threads in any way without
// changing a bit: every number is computed by one worker in one order.
#pragma once
#include "activation.h"
#include <stddef.h>

#pragma clang assume_nonnull begin

/// Three-dimensional, "same" padding, odd kernels. With `planar` the one-channel input is a plain image [N][D][H][W].
typedef struct {
  int batch, channels, out_channels;  // real channels; memory holds them rounded up to 16
  int in[3], out[3];                  // D, H, W
  int kernel[3], stride[3], dilation[3];
  int planar;  // the input has one channel and no channel padding
} convolution_shape;

// ---- The definitions

/// What becomes of a sum before it is stored: sum * scale + bias, then zero instead of negative values if `rectify`.
/// One scale and bias per target channel; NULL for 1 and 0. The vector kernels' are padded with zeros like the target.
typedef struct {
  const float *_Nullable scale, *_Nullable bias;
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
  int tile;                                     // most target voxels that one micro-kernel call computes
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
/// Of a planar input there are few items, so a band's sums can be formed apart: every row's by itself, so many parts of all
/// items' sums, which are then added in order. The bits are the same.
long convolution_gradient_band_parts(const convolution_gradient *g);
/// sum[i] = or += the parts' floats i in order, `step` floats from part to part, for i in first ..< last.
void convolution_add_parts(float *sum, int is_first, const float *parts, long count, long step, long first, long last);
/// Writes the sums of items first ..< last in PyTorch's layout.
void convolution_unpack_gradient(const convolution_shape *s, const convolution_gradient *g, const float *sums,
                                 float *dweights, long first, long last);

/// What a convolution reads and writes: forward, the source is x and the target y; backward, the source is dy and the
/// target dx.
typedef struct {
  activation_source source;
  const float *weights;  // packed, or transformed
  const convolution_finish *finish;
  activation_target target;
  int accumulate;  // add the target to the sums
} convolution_call;

/// The direct kernels of one instruction set.
typedef struct {
  int block;  // output channels of a packed weight block: two vectors
  int tile;   // voxels that the registers hold
  int pairs;  // operands rounded to bfloat16
  /// Forward or backward input, items (image, band). A planar source is floats.
  void (*gather)(const convolution_gather *g, const convolution_call *call, long first, long last, float *scratch);
  void (*gradient)(const convolution_gradient *g, activation_source x, activation_source dy, float *sums, long first,
                   long last, float *scratch);
  /// Of a planar input: all items' sums of the rows of bands first ..< last, those of the first band first.
  void (*gradient_parts)(const convolution_gradient *g, activation_source x, activation_source dy, float *parts,
                         long first, long last, float *scratch);
} direct_kernels;

// ---- 1x1x1 convolutions with stride 1: matrix products over all voxels of a batch

/// How the products are blocked. Nothing here changes the bits of a result but `slab` and `chunk`, which the shape
/// alone decides.
typedef struct {
  long voxels;
  int backward;                          // source is dy, target dx
  int source_channels, target_channels;  // as stored
  int block;                             // target channels of a packed weight block
  int slab;                              // source channels summed before they go to memory
  int group;                             // voxels packed at once
  int chunk;                             // voxels of a weight gradient summed before they go to memory
} conv1x1_plan;

conv1x1_plan conv1x1_make_plan(const convolution_shape *s, int backward, int block, int tile);

/// Items of a gather: tiles of voxels. Scratch: floats that one worker needs.
long conv1x1_items(const conv1x1_plan *p, int tile);
long conv1x1_scratch(const conv1x1_plan *p);

/// Work items and floats of packed weights.
long conv1x1_pack_items(const conv1x1_plan *p);
long conv1x1_packed_floats(const conv1x1_plan *p);

// Weight gradients, with a forward plan: items are (target block, 16 source channels), neighbours share the block if
// there are more target channels than source channels, else the source channels. Item i sums into `block` x 16 floats.
long conv1x1_gradient_items(const conv1x1_plan *p);
long conv1x1_gradient_scratch(const conv1x1_plan *p);
/// Writes the sums of items first ..< last in PyTorch's layout.
void conv1x1_unpack_gradient(const convolution_shape *s, const conv1x1_plan *p, const float *sums, float *dweights,
                             long first, long last);

/// Source, x and target are floats.
typedef struct {
  int block, tile;  // target channels and voxels of a register tile
  /// Weights [out][in] into [target block][source channel][block], zeros in the padding; items (target block, 16 source
  /// channels) first ..< last.
  void (*pack_weights)(const convolution_shape *s, const conv1x1_plan *p, const float *weights, float *packed,
                       long first, long last);
  void (*gather)(const conv1x1_plan *p, const convolution_call *call, long first, long last, float *scratch);
  void (*gradient)(const conv1x1_plan *p, activation_source x, const float *dy, float *sums, long first, long last,
                   float *scratch);
} conv1x1_kernels;

// ---- Depthwise convolution

/// Depthwise convolution, kernel (1,7,7), stride 1, "same" padding, in-plane dilation; weights [channels][1][1][7][7].
typedef struct {
  long slices, height, width, channels;  // real channels
  long dilation;
} depthwise_shape;

/// y = W * x + bias, or y += ... with `accumulate`. `flipped` turns the kernel by 180 degrees: with dy for x and dx
/// for y, that is the gradient of the input.
typedef struct {
  const float *x, *weights, *_Nullable bias;
  float *y;
  int flipped, accumulate;
} depthwise_call;

typedef struct {
  /// Floats of scratch per worker.
  long (*scratch_count)(const depthwise_shape *s);
  /// Items are planes (slice, channel block).
  void (*forward)(const depthwise_shape *s, const depthwise_call *call, float *scratch, long first, long last);
  /// Items are kernel rows (channel block, 0 ..< 7).
  void (*backward_weights)(const depthwise_shape *s, const float *x, const float *dy, float *dweights, float *scratch,
                           long first, long last);
} depthwise_kernels;

// ---- Transposed convolution

/// Transposed convolution of kernel and stride (1,2,2): y(2h+i, 2w+j) = b + W(i,j)' x(h, w); weights
/// [in][out][1][2][2]. An output of 2 height + 1 rows or 2 width + 1 columns has the bias alone in the last one. Items
/// are input rows.
typedef struct {
  long slices, height, width;  // the input
  long out_height, out_width;
  long in, out;    // real channels
  long window[3];  // kernel and stride along D, H and W: 1 or 2
} transposed_shape;

/// How many output voxels an input voxel reaches: weight matrices, "taps", numbered (i * window[1] + j) * window[2] + k.
static inline long transposed_taps(const transposed_shape *_Nonnull s) {
  return s->window[0] * s->window[1] * s->window[2];
}
/// Taps of the largest window.
enum { transposed_most_taps = 8 };

/// The output voxel that tap `tap` makes of the first voxel of input row `item`.
static inline long transposed_reached(const transposed_shape *_Nonnull s, long item, long tap) {
  const long across = s->window[2], down = s->window[1];
  const long slice = item / s->height * s->window[0] + tap / (down * across);
  const long row = slice * s->out_height + item % s->height * down + tap / across % down;
  return row * s->out_width + tap % across;
}

typedef struct {
  /// Floats of packed weights; 0: forward and backward_input read PyTorch's layout.
  long (*packed_count)(const transposed_shape *s);
  void (*pack_forward)(const transposed_shape *s, const float *weights, float *packed, long first, long last);
  void (*pack_backward)(const transposed_shape *s, const float *weights, float *packed, long first, long last);
  void (*forward)(const transposed_shape *s, const float *x, const float *weights, const float *_Nullable bias,
                  float *y, long first, long last);
  void (*backward_input)(const transposed_shape *s, const float *dy, const float *weights, gradient_target dx,
                         long first, long last);
  /// Floats of sums that backward_weights needs in all (each item uses its own part).
  long (*sums_count)(const transposed_shape *s);
  /// Items are groups of eight stored input channels.
  void (*backward_weights)(const transposed_shape *s, const float *x, const float *dy, float *dweights, float *sums,
                           long first, long last);
} transposed_kernels;

#pragma clang assume_nonnull end
