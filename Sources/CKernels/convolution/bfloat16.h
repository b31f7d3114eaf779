// What the kernels that round to bfloat16 are compiled for: AVX-512 with products of pairs summed in single precision.
#pragma once
#include <immintrin.h>
#define BFLOAT16_TARGET "avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16"
#define VEC_HALF(v) ((vec_half)_mm512_cvtneps_pbh((__m512)(v)))
#define BFLOAT16_PRODUCT(x, y, sum) ((vec)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)(x), (__m512bh)(y)))
