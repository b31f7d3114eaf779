// The 1x1x1 kernels in AVX-512.
#include "point.h"
#if defined(__x86_64__)
#include "blocks.h"
#include "processor.h"
#define TARGET "avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#define VECTOR_FLOATS 16
#define TILE_VOXELS 14
#define TILES TILES_TO_14
#define GRADIENT_CHANNELS 8
#include "gradient.h"
#pragma clang attribute pop
const point_variant point_avx512 = {
    "avx512", processor_has_avx512, block_floats, TILE_VOXELS, point_gather, point_gradient};
#endif
