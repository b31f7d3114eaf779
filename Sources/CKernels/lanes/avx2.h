// Everything between this line and LANES_END is compiled for AVX2 with FMA. Tiles fill its 16 registers.
#pragma once
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
// Clang warns that 64-byte arguments travel differently without AVX-512; here every function that has one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#define LANES_END _Pragma("clang attribute pop")
#define DEPTHWISE_TILE 6
#define DEPTHWISE_SLIDES 0
#define PRODUCT_VOXELS 6
#define PRODUCT_BLOCKS 1
#define GRADIENT_ROWS 4
#include "lanes.h"
