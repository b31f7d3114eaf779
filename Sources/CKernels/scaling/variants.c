// Fastest first; the order is that of BASELINE_VARIANTS. Callers ask processor.h what they may use.
#include "baselines.h"
#include <stddef.h>

extern const scaling_kernels scaling_scalar;
#if defined(__x86_64__)
extern const scaling_kernels scaling_avx512, scaling_avx2;
static const scaling_kernels *const list[BASELINE_VARIANTS] = {&scaling_avx512, &scaling_avx2, &scaling_scalar};
#else
static const scaling_kernels *const list[BASELINE_VARIANTS] = {&scaling_scalar, &scaling_scalar, &scaling_scalar};
#endif

const scaling_kernels *scaling_variant(int index) { return list[index]; }
