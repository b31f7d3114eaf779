// The Winograd kernels in AVX-512.
#include "winograd.h"
#if defined(__x86_64__)
#include "processor.h"
#include "schemes.h"
#define TARGET "avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#define VECTOR_FLOATS 16
#define TILE_VOXELS 14
#define TILES TILES_TO_14
#define GRADIENT_CHANNELS 8
#include "gradient.h"
#pragma clang attribute pop
const winograd_variant winograd_avx512 = {
    "avx512", processor_has_avx512, block_floats, 0, winograd_weights, winograd_gather,
    winograd_clear, winograd_transform, winograd_multiply, winograd_finish};
#endif
