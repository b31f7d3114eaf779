// The Winograd kernels in AVX2.
#include "winograd.h"
#if defined(__x86_64__)
#include "processor.h"
#include "schemes.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VECTOR_FLOATS 8
#define TILE_VOXELS 6
#define TILES TILES_TO_6
#define GRADIENT_CHANNELS 4
#include "gradient.h"
#pragma clang attribute pop
const winograd_variant winograd_avx2 = {
    "avx2", processor_has_avx2, block_floats, 0, winograd_weights, winograd_gather,
    winograd_clear, winograd_transform, winograd_multiply, winograd_finish};
#endif
