// What this processor runs, and which table an instruction set has where this build and this processor have it.
#include "targets.h"
#include <stddef.h>

#if defined(__x86_64__)
int processor_has_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

int processor_has_avx512(void) {
  __builtin_cpu_init();
  return processor_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

int processor_has_bfloat16(void) { return processor_has_avx512() && __builtin_cpu_supports("avx512bf16"); }
#else
int processor_has_avx2(void) { return 0; }
int processor_has_avx512(void) { return 0; }
int processor_has_bfloat16(void) { return 0; }
#endif

int processor_has_scalar(void) { return 1; }

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
