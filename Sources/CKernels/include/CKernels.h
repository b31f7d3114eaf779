// Hot loops on raw pointers. No allocation, no threads, no state: callers give scratch memory and a range of work.
//
// How the folder is laid out; a file includes from its own folder and from those above it in this list only:
//   include/      what callers see: shapes, arguments, and one table of kernels per instruction set (cpu_kernels.h)
//   simd/         the vectors that all loops are written in, and their arithmetic
//   gemm/         the micro-kernel that keeps sums in registers, and the matrix product
//   conv/         direct, 1x1x1, Winograd, depthwise and transposed convolutions
//   elementwise/  everything else; a file is one family, read from top to bottom, its table at the end
//   reference/    the definitions, in double, written to be read and never tuned; nothing but include/ is used
//   targets/      one file per instruction set: it sets the compiler's target, includes every family, lists their tables
#pragma once
#include "cpu_kernels.h"
