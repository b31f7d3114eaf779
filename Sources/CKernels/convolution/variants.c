#include "convolution.h"

#if defined(__x86_64__)
extern const convolution_variant convolution_avx512, convolution_avx2, convolution_bfloat16;
static const convolution_variant *const variants[] = {&convolution_avx512, &convolution_avx2};
const convolution_variant *convolution_variant_bfloat16(void) { return &convolution_bfloat16; }
#else
static const convolution_variant *const variants[] = {NULL};
const convolution_variant *convolution_variant_bfloat16(void) { return NULL; }
#endif

const convolution_variant *convolution_variant_at(int index) {
  const int count = sizeof variants / sizeof variants[0];
  return index >= 0 && index < count ? variants[index] : NULL;
}
