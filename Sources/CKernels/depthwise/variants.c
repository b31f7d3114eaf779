// Fastest first; the order is that of BASELINE_VARIANTS. Callers ask processor.h what they may use.
#include "baselines.h"
#include <stddef.h>

extern const depthwise_kernels depthwise_scalar;
#if defined(__x86_64__)
extern const depthwise_kernels depthwise_avx512, depthwise_avx2;
static const depthwise_kernels *const list[BASELINE_VARIANTS] = {&depthwise_avx512, &depthwise_avx2, &depthwise_scalar};
#else
static const depthwise_kernels *const list[BASELINE_VARIANTS] = {&depthwise_scalar, &depthwise_scalar,
                                                                 &depthwise_scalar};
#endif

const depthwise_kernels *depthwise_variant(int index) { return list[index]; }
