// The matrix product in AVX2.
#include "matmul.h"
#if defined(__x86_64__)
#include "processor.h"
#include "plan.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VECTOR_FLOATS 8
#define TILE_VOXELS 6
#define TILES TILES_TO_6
#include "product.h"
#pragma clang attribute pop
const matmul_variant matmul_avx2 = {"avx2", processor_has_avx2, block_floats, TILE_VOXELS, product};
#endif
