// The definitions of kernels that have vector loops of their own, summed in double: what tests measure the loops
// against, and what processors without AVX2 run. Those of convolution and matrix products are in the public headers.
#pragma once
#include "cpu_kernels.h"

extern const depthwise_kernels depthwise_reference;
extern const transposed_kernels transposed_reference;
extern const max_pooling_kernels max_pooling_reference;
extern const layer_norm_kernels layer_norm_reference;
extern const gelu_kernels gelu_reference;
extern const layer_scale_kernels layer_scale_reference;
extern const gate_kernels gate_reference;
