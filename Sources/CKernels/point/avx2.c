// The 1x1x1 kernels in AVX2.
#include "point.h"
#if defined(__x86_64__)
#include "blocks.h"
#include "processor.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VECTOR_FLOATS 8
#define TILE_VOXELS 6
#define TILES TILES_TO_6
#define GRADIENT_CHANNELS 4
#include "gradient.h"
#pragma clang attribute pop
const point_variant point_avx2 = {
    "avx2", processor_has_avx2, block_floats, TILE_VOXELS, point_gather, point_gradient};
#endif
