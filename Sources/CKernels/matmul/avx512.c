// The matrix product in AVX-512.
#include "matmul.h"
#if defined(__x86_64__)
#include "processor.h"
#include "plan.h"
#define TARGET "avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#define VECTOR_FLOATS 16
#define TILE_VOXELS 14
#define TILES TILES_TO_14
#include "product.h"
#pragma clang attribute pop
const matmul_variant matmul_avx512 = {"avx512", processor_has_avx512, block_floats, TILE_VOXELS, product};
#endif
