// Which table an instruction set has, where this build and this processor have it.
#include "processor.h"
#include "targets.h"
#include <stddef.h>

const cpu_kernels *cpu_kernels_for(cpu_instruction_set set) {
  switch (set) {
#if defined(__x86_64__)
    case cpu_avx512: return processor_has_avx512() ? &cpu_kernels_avx512 : NULL;
    case cpu_avx2: return processor_has_avx2() ? &cpu_kernels_avx2 : NULL;
#else
    case cpu_avx512:
    case cpu_avx2: return NULL;
#endif
    case cpu_scalar: return &cpu_kernels_scalar;
  }
  return NULL;
}
