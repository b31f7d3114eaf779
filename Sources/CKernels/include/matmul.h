// Matrix products of row-major fp32 matrices with leading dimensions.
#pragma once

#pragma clang assume_nonnull begin

/// C = alpha op(A) op(B) + beta C, with C rows x columns, op(A) rows x inner, op(B) inner x columns.
/// A transposed operand is stored the other way round: A as [inner][rows], B as [columns][inner]. With beta = 0 the old
/// C is not read.
typedef struct {
  int rows, columns, inner;
  int transpose_a, transpose_b;
  long lda, ldb, ldc;  // floats from one stored row to the next
  float alpha, beta;
} matmul_shape;

/// The definition: rows first ..< last of C, summed in double.
void matmul_scalar(const matmul_shape *s, const float *a, const float *b, float *c, long first, long last);

long matmul_items(const matmul_shape *s);
/// Floats of scratch that one worker needs.
long matmul_scratch(int block, int tile);

void matmul_pack(const matmul_shape *s, int block, const float *b, float *packed, long first, long last);
long matmul_pack_items(const matmul_shape *s, int block);
long matmul_packed_floats(const matmul_shape *s, int block);

/// The kernels of one instruction set. op(B) is packed once, [column block][inner rounded up to 16][block], by
/// `matmul_pack` (items: some rows of a column block); then a work item is some rows of C.
typedef struct {
  int block, tile;  // columns and rows of a register tile
  void (*product)(const matmul_shape *s, const float *a, const float *packed_b, float *c, long first, long last,
                  float *scratch);
} matmul_kernels;

#pragma clang assume_nonnull end
