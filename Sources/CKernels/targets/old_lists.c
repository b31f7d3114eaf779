// The lists of before, as long as there are callers of them.
#include "cpu_kernels.h"
#include "processor.h"
#include "targets.h"
#include <stddef.h>

extern const convolution_variant convolution_avx512, convolution_avx2, convolution_bfloat16;
extern const winograd_variant winograd_avx512, winograd_avx2, winograd_bfloat16;
extern const point_variant point_avx512, point_avx2;
extern const matmul_variant matmul_avx512, matmul_avx2;
extern const pooling_kernels pooling_avx512, pooling_avx2, pooling_scalar;
extern const layernorm_kernels layernorm_avx512, layernorm_avx2, layernorm_scalar;
extern const scaling_kernels scaling_avx512, scaling_avx2, scaling_scalar;

#if defined(__x86_64__)
#define BY_INDEX(name) index == 0 ? &name##_avx512 : index == 1 ? &name##_avx2 : NULL
#define BY_SET(name) index == 0 ? &name##_avx512 : index == 1 ? &name##_avx2 : &name##_scalar
#define OF_TABLE(name) (index == 0 ? cpu_kernels_avx512 : index == 1 ? cpu_kernels_avx2 : cpu_kernels_scalar).name
const convolution_variant *convolution_variant_bfloat16(void) { return &convolution_bfloat16; }
const winograd_variant *winograd_variant_bfloat16(void) { return &winograd_bfloat16; }
#else
#define BY_INDEX(name) (index, NULL)
#define BY_SET(name) (index, &name##_scalar)
#define OF_TABLE(name) (index, cpu_kernels_scalar.name)
const operations_table operations_avx512, operations_avx2;
const convolution_variant *convolution_variant_bfloat16(void) { return NULL; }
const winograd_variant *winograd_variant_bfloat16(void) { return NULL; }
#endif

const convolution_variant *convolution_variant_at(int index) { return BY_INDEX(convolution); }
const winograd_variant *winograd_variant_at(int index) { return BY_INDEX(winograd); }
const point_variant *point_variant_at(int index) { return BY_INDEX(point); }
const matmul_variant *matmul_variant_at(int index) { return BY_INDEX(matmul); }
const pooling_kernels *pooling_variant(int index) { return BY_SET(pooling); }
const layernorm_kernels *layernorm_variant(int index) { return BY_SET(layernorm); }
const scaling_kernels *scaling_variant(int index) { return BY_SET(scaling); }
const transposed_kernels *transposed_variant(int index) { return OF_TABLE(transposed); }
const depthwise_kernels *depthwise_variant(int index) { return OF_TABLE(depthwise); }
const gelu_kernels *gelu_variant(int index) { return OF_TABLE(gelu); }
