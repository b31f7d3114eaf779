// Three-dimensional convolution ("same" padding, odd kernels) and its two gradients.
//
// Activations are [N][D][H][W][channels rounded up to 16], padding zero; with `planar` the one-channel input is a plain
// image [N][D][H][W]. Weights and their gradients are in PyTorch's layout [out][in][kD][kH][kW], bias is [out].
#pragma once
#include <stddef.h>

typedef struct {
  int batch, channels, out_channels;            // real channels; memory holds them rounded up to 16
  int in[3], out[3];                            // D, H, W
  int kernel[3], stride[3], dilation[3];
  int planar;                                   // the input has one channel and no channel padding
} convolution_shape;

/// y = W * x + bias (bias may be NULL), the output rows (n, d, h) with flat index first ..< last, padding channels zeroed.
void convolution_forward_scalar(const convolution_shape *s, const float *x, const float *weights, const float *bias,
                                float *y, long first, long last);
/// dx = W^T * dy, or dx += with `accumulate`, the input rows (n, d, h) with flat index first ..< last.
void convolution_backward_input_scalar(const convolution_shape *s, const float *dy, const float *weights, float *dx,
                                       int accumulate, long first, long last);
/// dW[o][i][kd][kh][kw] = sum over the batch's voxels of dy * x, the pairs (o, i) with flat index first ..< last.
void convolution_backward_weights_scalar(const convolution_shape *s, const float *x, const float *dy, float *dweights,
                                         long first, long last);
