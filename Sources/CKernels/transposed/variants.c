// Fastest first; the order is that of BASELINE_VARIANTS. Callers ask processor.h what they may use.
#include "baselines.h"
#include <stddef.h>

extern const transposed_kernels transposed_scalar;
#if defined(__x86_64__)
extern const transposed_kernels transposed_avx512, transposed_avx2;
static const transposed_kernels *const list[BASELINE_VARIANTS] = {&transposed_avx512, &transposed_avx2,
                                                                  &transposed_scalar};
#else
static const transposed_kernels *const list[BASELINE_VARIANTS] = {&transposed_scalar, &transposed_scalar,
                                                                  &transposed_scalar};
#endif

const transposed_kernels *transposed_variant(int index) { return list[index]; }
