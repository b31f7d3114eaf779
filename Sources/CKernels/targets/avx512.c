// All kernels in AVX-512. Features are named one by one: `arch=x86-64-v4` would make the compiler prefer 256-bit
// registers.
#include "targets.h"
#if defined(__x86_64__)
#define VECTOR_FLOATS 16
#define LANE_PAIRS 0
#define HAS_FUSED_PRODUCTS 1
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"))), \
                             apply_to = function)
#include "families.h"
#pragma clang attribute pop

const cpu_kernels cpu_kernels_avx512 = {.name = "avx512",
                                        VECTOR_KERNELS,
                                        .direct_bfloat16 = &direct_avx512_bfloat16,
                                        .winograd_bfloat16 = &winograd_avx512_bfloat16};
#endif
