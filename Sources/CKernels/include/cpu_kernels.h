// What this processor can run, and the table of all kernels of one instruction set.
#pragma once
#include "convolution.h"
#include "elementwise.h"
#include "matmul.h"
#include "winograd.h"

#pragma clang assume_nonnull begin

// ---- The processor and this operating system

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

// ---- The table

typedef enum { cpu_avx512, cpu_avx2, cpu_scalar } cpu_instruction_set;

/// The kernels of one instruction set. NULL: it has none of that kind. For `cpu_scalar`, the definitions serve instead,
/// convolution_forward_scalar and the like, which take no packed memory.
typedef struct {
  const char *name;
  const direct_kernels *_Nullable direct, *_Nullable direct_bfloat16;
  const winograd_kernels *_Nullable winograd, *_Nullable winograd_bfloat16;
  const conv1x1_kernels *_Nullable conv1x1;
  const matmul_kernels *_Nullable matmul;
  const depthwise_kernels *depthwise;
  const transposed_kernels *transposed;
  const arithmetic_kernels *arithmetic;
  const batch_norm_kernels *batch_norm;
  const softmax_kernels *softmax;
  const resize_kernels *resize;
  const loss_kernels *losses;
  const overlap_loss_kernels *overlaps;
  const average_pooling_kernels *average_pooling;
  const max_pooling_kernels *max_pooling;
  const layer_norm_kernels *layer_norm;
  const gelu_kernels *gelu;
  const layer_scale_kernels *layer_scale;
  const gate_kernels *gate;
  /// One step of Adam on `count` floats; `first` and `second` are its moments.
  void (*adam)(const adam_step *a, float *parameters, const float *gradients, float *first, float *second, long count);
  /// One step of gradient descent on `count` floats; `velocity` is its momentum.
  void (*sgd)(const sgd_step *a, float *parameters, const float *gradients, float *velocity, long count);
  /// Does 256 fused multiply-adds per round in registers and returns how many it did; `sink` takes 16 floats.
  double (*multiply_adds)(long rounds, float *sink);
} cpu_kernels;

/// The kernels of an instruction set, or NULL where this build or this processor has none; there are always scalar
/// ones. Those for bfloat16 are there only if processor_has_bfloat16().
const cpu_kernels *_Nullable cpu_kernels_for(cpu_instruction_set set);

#pragma clang assume_nonnull end
