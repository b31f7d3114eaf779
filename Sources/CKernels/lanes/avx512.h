// Everything between this line and LANES_END is compiled for AVX-512. Tiles fill its 32 registers.
#pragma once
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"), min_vector_width(512))), \
    apply_to = function)
#define LANES_END _Pragma("clang attribute pop")
#define DEPTHWISE_TILE 16   // output columns of a depthwise convolution
#define DEPTHWISE_SLIDES 1  // its inner loops keep seven weights in registers
#define PRODUCT_VOXELS 12   // output voxels of a matrix product ...
#define PRODUCT_BLOCKS 2    // ... times channel blocks
#define GRADIENT_ROWS 8     // input channels of a weight gradient, times PRODUCT_BLOCKS
#include "lanes.h"
