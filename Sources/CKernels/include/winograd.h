// Winograd convolution: 3x3 kernels over H and W with stride 1 or 2, or with stride 1 and any dilation r over H and W:
// every r-th voxel of every r-th row is then an image of its own, r * r of them, each convolved undilated. Depth taps
// are summed in the products or, for three of them, transformed as well (`deep`): two slices then take 4 products
// instead of 6 (F(2, 3)), or three slices 5 instead of 9 (F(3, 3)).
//
// A tile of the target comes from a window of the source: both are transformed so that the sum over channels and depth
// taps becomes one small matrix product per transformed element, with fewer products than the kernel has taps.
#pragma once
#include "convolution.h"

#pragma clang assume_nonnull begin

/// Stride 1, tiles of 2x2: 16 products instead of 36. Stride 1, tiles of 4x4: 36 instead of 144. Stride 2, tiles of
/// 2x2: 25 instead of 36. The last is the gradient of the third with respect to its input, tiles of 4x4.
enum winograd_scheme_index { winograd_stride1_tile2, winograd_stride1_tile4, winograd_stride2, winograd_stride2_back };

/// A group of columns (the tiles of one place in H and W, all depths) is transformed into
/// V[product][block of lanes][(depth + border) * columns][16] and multiplied into M[sum][depth * columns][block].
/// Deep plans have two or three slices for a depth, no border, and `planes` times the products and sums, plane after
/// plane. A lane of V and a row of U hold one source channel or, with `pairs`, two neighbouring ones rounded to
/// bfloat16.
typedef struct {
  int scheme, backward, block;
  int batch, depth, kernel_depth;
  int dilation;                          // over H and W
  int planes;                            // products along depth: 4 or 5 when deep, else 1
  int depth_taps, depth_tiles;           // taps summed in a product; slices, or tiles of them, of M
  int source[2], target[2];              // H, W
  int source_channels, target_channels;  // as stored
  int source_lanes;                      // floats of a voxel of V, rows of a block of U
  int tiles[2], columns;                 // tiles along H and W of an (interleaved) image; columns of a group
  int groups, images;                    // groups of an image; whole images of a group, of which one is 1
  int products, sums;                    // all axes together
  long voxels;                           // tiles of a group, all depths
  int shares;                            // work items of a group, each a share of its target blocks
  int parts;                             // sums of a weight gradient that are formed apart, then added in order
  int piecewise;                         // of a weight gradient: dU is never whole, but formed piece by piece
  long v_step, m_step;                   // floats from product to product of V, from sum to sum of M
} winograd_plan;

/// What a plan is for; a weight gradient's source is x, its target dy.
enum winograd_use { winograd_forward, winograd_backward_input, winograd_backward_weights };

/// `tile4`: the large tiles, for stride 1. `deep`: transform depth too, so many slices (2 or 3) at a time, or 0; the
/// kernel is 3 deep. `pairs`: not for weights.
/// `workers` shapes the groups of forward and backward input, never the bits of a result.
winograd_plan winograd_make_plan(const convolution_shape *s, enum winograd_use use, int tile4, int deep, int pairs,
                                 int block, int workers);
/// Groups, and the work items of forward and backward input: (group, share).
long winograd_group_count(const winograd_plan *p);
long winograd_gather_items(const winograd_plan *p);
/// Floats of scratch that one worker needs.
long winograd_gather_scratch(const winograd_plan *p);
/// Work items of the weight transform, (target block, row of U), and the floats it fills.
long winograd_weight_items(const winograd_plan *p);
long winograd_weight_floats(const winograd_plan *p);

// Weight gradients. The groups of part k are groups * k / parts ..< groups * (k + 1) / parts. Per group: transform
// (items: run of columns, channel block of x or dy), multiply (items: product, output block, depth tap) into the part's
// dU; then the parts are added in order, and at the end comes finish (items: output block, input channel). A worker may
// do all of a part, or all workers share several groups of several parts: the bits are the same.
long winograd_transform_items(const winograd_plan *p);
long winograd_multiply_items(const winograd_plan *p);
long winograd_finish_items(const winograd_plan *p);
/// Floats of V, M and dU.
long winograd_gradient_v(const winograd_plan *p);
long winograd_gradient_m(const winograd_plan *p);
long winograd_gradient_du(const winograd_plan *p);

// Piecewise plans have fewer windows than weights: first V and M of all groups, group after group, then the pieces (items:
// output block, 16 input channels), whose dU stays in a core's cache from the sums to the taps.
long winograd_piece_items(const winograd_plan *p);
/// Floats of a piece of dU, which every worker needs, and of V and M of all groups.
long winograd_piece_scratch(const winograd_plan *p);
long winograd_all_groups(const winograd_plan *p);

/// How much larger than |x|·|w| the terms of a sum can be, per axis: rounding errors grow by its square.
double winograd_growth(const winograd_plan *p);
double winograd_gradient_growth(const winograd_plan *p);
/// The same along depth, once, per tap of the kernel: 1 unless deep.
double winograd_depth_growth(const winograd_plan *p);
double winograd_depth_gradient_growth(const winograd_plan *p);

/// The operands of a weight gradient, and the group of them that is transformed next.
typedef struct {
  activation_source x, dy;
  long group;
} winograd_next;

/// With `pairs` there are no weight gradients: the last five are NULL.
typedef struct {
  int block, pairs;
  void (*weights)(const winograd_plan *p, const float *weights, int channels, int out_channels, float *u, long first,
                  long last);
  void (*gather)(const winograd_plan *p, const convolution_call *call, long first, long last, float *scratch);
  void (*_Nullable clear)(const winograd_plan *p, float *v);
  void (*_Nullable transform)(const winograd_plan *p, activation_source x, activation_source dy, long group, float *v,
                              float *m, long first, long last);
  void (*_Nullable multiply)(const winograd_plan *p, const float *v, const float *m, int is_first, float *du,
                             long first, long last, const winograd_next *_Nullable next);
  void (*_Nullable finish)(const winograd_plan *p, const float *du, int channels, int out_channels, float *dweights,
                           long first, long last);
  void (*_Nullable pieces)(const winograd_plan *p, const float *transformed, int channels, int out_channels,
                           float *dweights, long first, long last, float *du);
} winograd_kernels;

#pragma clang assume_nonnull end
