// What this processor and this operating system can run.
#pragma once

/// AVX2 with fused multiply-add.
int processor_has_avx2(void);
/// AVX-512 F, BW, VL, DQ: what every AVX-512 kernel here is compiled for.
int processor_has_avx512(void);
/// AVX-512 with products of bfloat16 pairs.
int processor_has_bfloat16(void);
/// True everywhere: the check of the scalar definitions.
int processor_has_scalar(void);

/// Tells the processor that this thread spins.
static inline void processor_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
