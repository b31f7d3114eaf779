// All kernels in AVX2 with fused multiply-add.
#include "targets.h"
#if defined(__x86_64__)
#define VECTOR_FLOATS 8
#define LANE_PAIRS 0
#define HAS_FUSED_PRODUCTS 1
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "families.h"
#pragma clang attribute pop

const cpu_kernels cpu_kernels_avx2 = {.name = "avx2", VECTOR_KERNELS};
#endif
