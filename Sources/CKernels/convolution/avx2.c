// The direct kernels in AVX2.
#include "convolution.h"
#if defined(__x86_64__)
#include "processor.h"
#include "band.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VECTOR_FLOATS 8
#define TILE_VOXELS 6
#define TILES TILES_TO_6
#define GRADIENT_CHANNELS 4
#include "gather.h"
#include "gradient.h"
#pragma clang attribute pop
const convolution_variant convolution_avx2 = {
    "avx2", processor_has_avx2, block_floats, TILE_VOXELS, 0, gather, gradient};
#endif
