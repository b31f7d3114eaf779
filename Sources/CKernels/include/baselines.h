// What the comparison's networks need beyond SAFNet's operations.
//
// Activations are [N][D][H][W][channels rounded up to 16], padding zero; "stored" counts are those rounded ones.
// Parameters are in PyTorch's layout, unpadded. Each operation has a list of variants, fastest first: 0 is AVX-512, 1
// AVX2, 2 the scalar definition (summed in double). A call works on items first ..< last only, so callers may split
// them over threads in any way without changing a bit. `accumulate` adds to what a gradient's memory holds instead of
// replacing it.
#pragma once

#define BASELINE_VARIANTS 3

#pragma clang assume_nonnull begin

/// Max pooling over windows of (1,2,2), stride (1,2,2); an odd last row or column belongs to no window.
/// Items are output rows (slice, row). Of equal values the first in the window wins, as in PyTorch.
typedef struct {
  long slices, height, width, stored;  // the input; slices = N * D
} pooling_shape;

typedef struct {
  const char *name;
  void (*forward)(const pooling_shape *s, const float *x, float *y, long first, long last);
  /// Item (slice, row) writes the two input rows of its window, the slice's last item also an odd last row.
  void (*backward)(const pooling_shape *s, const float *x, const float *dy, float *dx, int accumulate, long first,
                   long last);
} pooling_kernels;

const pooling_kernels *pooling_variant(int index);

/// Transposed convolution of kernel and stride (1,2,2): y(2h+i, 2w+j) = b + W(i,j)' x(h, w); weights
/// [in][out][1][2][2]. An output of 2 height + 1 rows or 2 width + 1 columns has the bias alone in the last one. Items
/// are input rows.
typedef struct {
  long slices, height, width;  // the input
  long out_height, out_width;
  long in, out;  // real channels
} transposed_shape;

typedef struct {
  /// Floats of packed weights; 0: forward and backward_input read PyTorch's layout.
  long (*packed_count)(const transposed_shape *s);
  void (*pack_forward)(const transposed_shape *s, const float *weights, float *packed, long first, long last);
  void (*pack_backward)(const transposed_shape *s, const float *weights, float *packed, long first, long last);
  void (*forward)(const transposed_shape *s, const float *x, const float *weights, const float *_Nullable bias,
                  float *y, long first, long last);
  void (*backward_input)(const transposed_shape *s, const float *dy, const float *weights, float *dx, int accumulate,
                         long first, long last);
  /// Floats of sums that backward_weights needs in all (each item uses its own part).
  long (*sums_count)(const transposed_shape *s);
  /// Items are groups of eight stored input channels.
  void (*backward_weights)(const transposed_shape *s, const float *x, const float *dy, float *dweights, float *sums,
                           long first, long last);
} transposed_kernels;

const transposed_kernels *transposed_variant(int index);

/// Depthwise convolution, kernel (1,7,7), stride 1, "same" padding, in-plane dilation; weights [channels][1][1][7][7].
typedef struct {
  long slices, height, width, channels;  // real channels
  long dilation;
} depthwise_shape;

typedef struct {
  /// Floats of scratch per worker.
  long (*scratch_count)(const depthwise_shape *s);
  /// Items are planes (slice, channel block). `flipped` turns the kernel by 180 degrees: the gradient of the input.
  void (*forward)(const depthwise_shape *s, const float *x, const float *weights, const float *_Nullable bias,
                  int flipped, float *y, int accumulate, float *scratch, long first, long last);
  /// Items are kernel rows (channel block, 0 ..< 7).
  void (*backward_weights)(const depthwise_shape *s, const float *x, const float *dy, float *dweights, float *scratch,
                           long first, long last);
} depthwise_kernels;

const depthwise_kernels *depthwise_variant(int index);

/// Gradients of per-channel parameters are summed over tiles of this many voxels, then over tiles, both in order.
#define BASELINE_TILE 512

/// sums[k] = sum over tiles of partials[tile][k], in double.
void add_tiles(const float *partials, long tiles, long stride, long count, float *sums);

/// Layer norm over the channels of each voxel: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, variance biased.
typedef struct {
  long voxels, channels;
  float epsilon;
} layernorm_shape;

typedef struct {
  const char *name;
  /// Items are voxels.
  void (*forward)(const layernorm_shape *s, const float *x, const float *gamma, const float *beta, float *y, long first,
                  long last);
  /// Items are tiles; partials [tile][2][stored] receives dgamma, dbeta of each tile.
  void (*backward)(const layernorm_shape *s, const float *x, const float *gamma, const float *dy, float *dx,
                   int accumulate, float *partials, long first, long last);
} layernorm_kernels;

const layernorm_kernels *layernorm_variant(int index);

/// GELU, exact: y = x Phi(x), Phi the normal distribution. Items are groups of 16 floats.
typedef struct {
  void (*forward)(const float *x, float *y, long first, long last);
  void (*backward)(const float *x, const float *dy, float *dx, int accumulate, long first, long last);
} gelu_kernels;

const gelu_kernels *gelu_variant(int index);

/// Layer scale with its residual, y = shortcut + scale_c x, and the attention gate's last step, y = x sigmoid(a) with
/// one `a` (channel 0 of a 16-wide map) per voxel.
typedef struct {
  long voxels, channels;
} scaling_shape;

typedef struct {
  const char *name;
  /// Items are voxels.
  void (*scale_forward)(const scaling_shape *s, const float *x, const float *scale, const float *shortcut, float *y,
                        long first, long last);
  /// Items are tiles; partials [tile][stored] receives dscale of each tile. The shortcut's gradient is dy itself.
  void (*scale_backward)(const scaling_shape *s, const float *x, const float *scale, const float *dy, float *dx,
                         int accumulate, float *partials, long first, long last);
  /// Items are voxels.
  void (*gate_forward)(const scaling_shape *s, const float *x, const float *a, float *y, long first, long last);
  void (*gate_backward)(const scaling_shape *s, const float *x, const float *a, const float *dy, float *dx,
                        int accumulate_x, float *da, int accumulate_a, long first, long last);
} scaling_kernels;

const scaling_kernels *scaling_variant(int index);

#pragma clang assume_nonnull end
