// Fastest first; the order is that of BASELINE_VARIANTS. Callers ask processor.h what they may use.
#include "baselines.h"
#include <stddef.h>

extern const pooling_kernels pooling_scalar;
#if defined(__x86_64__)
extern const pooling_kernels pooling_avx512, pooling_avx2;
static const pooling_kernels *const list[BASELINE_VARIANTS] = {&pooling_avx512, &pooling_avx2, &pooling_scalar};
#else
static const pooling_kernels *const list[BASELINE_VARIANTS] = {&pooling_scalar, &pooling_scalar, &pooling_scalar};
#endif

const pooling_kernels *pooling_variant(int index) { return list[index]; }
