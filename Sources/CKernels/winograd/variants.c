#include "winograd.h"

#if defined(__x86_64__)
extern const winograd_variant winograd_avx512, winograd_avx2, winograd_bfloat16;
static const winograd_variant *const variants[] = {&winograd_avx512, &winograd_avx2};
const winograd_variant *winograd_variant_bfloat16(void) { return &winograd_bfloat16; }
#else
static const winograd_variant *const variants[] = {NULL};
const winograd_variant *winograd_variant_bfloat16(void) { return NULL; }
#endif

const winograd_variant *winograd_variant_at(int index) {
  const int count = sizeof variants / sizeof variants[0];
  return index >= 0 && index < count ? variants[index] : NULL;
}
