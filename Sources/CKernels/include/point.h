// 1x1x1 convolution with stride 1: matrix products over all voxels of a batch.
#pragma once
#include "convolution.h"

/// How the products are blocked. Nothing here changes the bits of a result but `slab` and `chunk`, which the shape alone
/// decides.
typedef struct {
  long voxels;
  int backward;                          // source is dy, target dx
  int source_channels, target_channels;  // as stored
  int block;                             // target channels of a packed weight block
  int slab;                              // source channels summed before they go to memory
  int group;                             // voxels packed at once
  int chunk;                             // voxels of a weight gradient summed before they go to memory
} point_plan;

point_plan point_make_plan(const convolution_shape *s, int backward, int block, int tile);

/// Items of a gather: tiles of voxels. Scratch: floats that one worker needs.
long point_items(const point_plan *p, int tile);
long point_scratch(const point_plan *p);

/// Weights [out][in] into [target block][source channel][block], zeros in the padding; items (target block, 16
/// source channels) first ..< last.
void point_pack_weights(const convolution_shape *s, const point_plan *p, const float *weights, float *packed,
                        long first, long last);
long point_pack_items(const point_plan *p);
long point_packed_floats(const point_plan *p);

// Weight gradients, with a forward plan: items are (target block, 16 source channels), neighbours share the block if there
// are more target channels than source channels, else the source channels. Item i sums into `block` x 16 floats.
long point_gradient_items(const point_plan *p);
long point_gradient_scratch(const point_plan *p);
/// Writes the sums of items first ..< last in PyTorch's layout.
void point_unpack_gradient(const convolution_shape *s, const point_plan *p, const float *sums, float *dweights,
                           long first, long last);

/// The kernels of one instruction set.
typedef struct {
  const char *name;
  int (*is_supported)(void);
  int block, tile;  // target channels and voxels of a register tile
  /// Items first ..< last; `accumulate` adds the target to the sums.
  void (*gather)(const point_plan *p, const float *source, const float *packed, const convolution_finish *finish,
                 float *target, int accumulate, long first, long last, float *scratch);
  void (*gradient)(const point_plan *p, const float *x, const float *dy, float *sums, long first, long last,
                   float *scratch);
} point_variant;

/// The vector kernels of this build, fastest first, or NULL past the last one.
const point_variant *point_variant_at(int index);
