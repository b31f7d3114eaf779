// The kernels whose operands are rounded to bfloat16 and summed in single precision: AVX-512 with products of pairs,
// two per lane.
#include "targets.h"
#if defined(__x86_64__)
#include <immintrin.h>
#define VECTOR_FLOATS 16
#define LANE_PAIRS 1
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16"))), \
                             apply_to = function)
#include "../conv/direct/gradient.h"
#include "../conv/winograd/gather.h"
#pragma clang attribute pop

const direct_kernels direct_avx512_bfloat16 = {block_floats,  tile_voxels,     LANE_PAIRS,
                                               direct_gather, direct_gradient, direct_gradient_parts};
const winograd_kernels winograd_avx512_bfloat16 = {
    .block = block_floats, .pairs = LANE_PAIRS, .weights = winograd_weights, .gather = winograd_gather};
#endif
