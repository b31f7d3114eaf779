// Matrix products of row-major fp32 matrices with leading dimensions.
#pragma once

/// C = alpha op(A) op(B) + beta C, with C rows x columns, op(A) rows x inner, op(B) inner x columns.
/// A transposed operand is stored the other way round: A as [inner][rows], B as [columns][inner]. With beta = 0 the old C
/// is not read.
typedef struct {
  int rows, columns, inner;
  int transpose_a, transpose_b;
  long lda, ldb, ldc;                           // floats from one stored row to the next
  float alpha, beta;
} matmul_shape;

/// The definition: rows first ..< last of C, summed in double.
void matmul_scalar(const matmul_shape *s, const float *a, const float *b, float *c, long first, long last);
