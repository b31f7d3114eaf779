// Fastest first; the order is that of BASELINE_VARIANTS. Callers ask processor.h what they may use.
#include "baselines.h"
#include <stddef.h>

extern const gelu_kernels gelu_scalar;
#if defined(__x86_64__)
extern const gelu_kernels gelu_avx512, gelu_avx2;
static const gelu_kernels *const list[BASELINE_VARIANTS] = {&gelu_avx512, &gelu_avx2, &gelu_scalar};
#else
static const gelu_kernels *const list[BASELINE_VARIANTS] = {&gelu_scalar, &gelu_scalar, &gelu_scalar};
#endif

const gelu_kernels *gelu_variant(int index) { return list[index]; }
