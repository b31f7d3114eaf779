// Winograd convolution over H and W, depth taps summed in the products: 3x3 kernels over H and W with stride 1 or 2.
//
// A tile of the target comes from a window of the source: both are transformed so that the sum over channels and depth
// taps becomes one small matrix product per transformed element, with fewer products than the kernel has taps.
#pragma once
#include "convolution.h"

/// Stride 1, tiles of 2x2: 16 products instead of 36. Stride 1, tiles of 4x4: 36 instead of 144. Stride 2, tiles of 2x2:
/// 25 instead of 36. The last is the gradient of the third with respect to its input, tiles of 4x4.
enum winograd_scheme_index { winograd_stride1_tile2, winograd_stride1_tile4, winograd_stride2, winograd_stride2_back };

/// A group of tile rows, all depths, is transformed into V[product][channel block][(depth + border) * tiles][16] and
/// multiplied into M[sum][depth * tiles][block].
typedef struct {
  int scheme, backward, block;
  int batch, depth, depth_taps;
  int source[2], target[2];                     // H, W
  int source_channels, target_channels;         // as stored
  int tiles[2], rows, groups;                   // along H and W; tile rows of a group; groups of an image
  int products, sums;                           // both axes together
  long slice, voxels;                           // tiles of a slice of a group, and of all its slices
  long v_step, m_step;                          // floats from product to product of V, from sum to sum of M
} winograd_plan;

/// `tile4`: the large tiles, for stride 1.
winograd_plan winograd_make_plan(const convolution_shape *s, int backward, int tile4, int block);
long winograd_gather_items(const winograd_plan *p);
/// Floats of scratch that one worker needs.
long winograd_gather_scratch(const winograd_plan *p);
/// Work items of the weight transform, (target block, source channel), and the floats it fills.
long winograd_weight_items(const winograd_plan *p);
long winograd_weight_floats(const winograd_plan *p);

// Weight gradients, with a forward plan. Per group: transform (items: depths), multiply (items: product, output block,
// depth tap); at the end, finish (items: output block, input channel). V, M and the sums dU are shared by all workers.
long winograd_multiply_items(const winograd_plan *p);
long winograd_finish_items(const winograd_plan *p);
/// Floats of V, M and dU; they follow each other in this order.
long winograd_gradient_v(const winograd_plan *p);
long winograd_gradient_m(const winograd_plan *p);
long winograd_gradient_du(const winograd_plan *p);

/// How much larger than |x|·|w| the terms of a sum can be, per axis: rounding errors grow by its square.
double winograd_growth(const winograd_plan *p);
double winograd_gradient_growth(const winograd_plan *p);

typedef struct {
  const char *name;
  int (*is_supported)(void);
  int block;
  void (*weights)(const winograd_plan *p, const float *weights, int channels, int out_channels, float *u, long first,
                  long last);
  void (*gather)(const winograd_plan *p, const float *source, const float *u, const float *bias, float *target,
                 int accumulate, long first, long last, float *scratch);
  void (*clear)(const winograd_plan *p, float *v);
  void (*transform)(const winograd_plan *p, const float *x, const float *dy, long group, float *v, float *m, long first,
                    long last);
  void (*multiply)(const winograd_plan *p, const float *v, const float *m, int is_first, float *du, long first,
                   long last);
  void (*finish)(const winograd_plan *p, const float *du, int channels, int out_channels, float *dweights, long first,
                 long last);
} winograd_variant;

/// The vector kernels of this build, fastest first, or NULL past the last one.
const winograd_variant *winograd_variant_at(int index);
