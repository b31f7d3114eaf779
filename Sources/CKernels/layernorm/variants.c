// Fastest first; the order is that of BASELINE_VARIANTS. Callers ask processor.h what they may use.
#include "baselines.h"
#include <stddef.h>

extern const layernorm_kernels layernorm_scalar;
#if defined(__x86_64__)
extern const layernorm_kernels layernorm_avx512, layernorm_avx2;
static const layernorm_kernels *const list[BASELINE_VARIANTS] = {&layernorm_avx512, &layernorm_avx2, &layernorm_scalar};
#else
static const layernorm_kernels *const list[BASELINE_VARIANTS] = {&layernorm_scalar, &layernorm_scalar,
                                                                 &layernorm_scalar};
#endif

const layernorm_kernels *layernorm_variant(int index) { return list[index]; }
