// The direct gather with operands rounded to bfloat16 and sums in single precision: two products per lane.
#include "convolution.h"
#if defined(__x86_64__)
#include "processor.h"
#include "band.h"
#include "bfloat16.h"
#pragma clang attribute push(__attribute__((target(BFLOAT16_TARGET))), apply_to = function)
#define VECTOR_FLOATS 16
#define TILE_VOXELS 14
#define TILES TILES_TO_14
#define TILE_PRODUCT BFLOAT16_PRODUCT
#define PACK_PAIR(low, high) ((vec)_mm512_cvtne2ps_pbh((__m512)(high), (__m512)(low)))
#include "gather.h"
#pragma clang attribute pop
void convolution_bfloat16_gradient(const convolution_gradient *plan, const float *x, activation_source dy,
                                   float *sums, long first, long last, float *scratch);
const convolution_variant convolution_bfloat16 = {
    "bfloat16", processor_has_bfloat16, block_floats, TILE_VOXELS, 1, gather, convolution_bfloat16_gradient};
#endif
