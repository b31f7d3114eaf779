// The tables that the files of this folder define.
#pragma once
#include "cpu_kernels.h"

extern const cpu_kernels cpu_kernels_avx512, cpu_kernels_avx2, cpu_kernels_scalar;
extern const direct_kernels direct_avx512_bfloat16;
extern const winograd_kernels winograd_avx512_bfloat16;
