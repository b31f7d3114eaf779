#include "point.h"

#if defined(__x86_64__)
extern const point_variant point_avx512, point_avx2;
static const point_variant *const variants[] = {&point_avx512, &point_avx2};
#else
static const point_variant *const variants[] = {NULL};
#endif

const point_variant *point_variant_at(int index) {
  const int count = sizeof variants / sizeof variants[0];
  return index >= 0 && index < count ? variants[index] : NULL;
}
