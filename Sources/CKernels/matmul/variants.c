#include "matmul.h"
#include <stddef.h>

#if defined(__x86_64__)
extern const matmul_variant matmul_avx512, matmul_avx2;
static const matmul_variant *const variants[] = {&matmul_avx512, &matmul_avx2};
#else
static const matmul_variant *const variants[] = {NULL};
#endif

const matmul_variant *matmul_variant_at(int index) {
  const int count = sizeof variants / sizeof variants[0];
  return index >= 0 && index < count ? variants[index] : NULL;
}
