// How the vector kernels block a matrix product.
#pragma once
#include "matmul.h"

/// Rows of A packed at once, and how much of the inner dimension: 56 x 1024 floats lie in the second-level cache.
enum { matmul_row_block = 56, matmul_inner_block = 1024 };
/// Rows of C, and rows of op(B) packed, that an item is: few, so that few rows serve many workers.
enum { matmul_item_rows = 8, matmul_item_inner = 256 };

static inline int matmul_inner_blocks(const matmul_shape *s) {
  return (s->inner + matmul_inner_block - 1) / matmul_inner_block;
}

/// Length of inner block `index`, and the same rounded up to whole blocks of 16.
static inline int matmul_inner_length(const matmul_shape *s, int index) {
  const int rest = s->inner - index * matmul_inner_block;
  return rest < matmul_inner_block ? rest : matmul_inner_block;
}
static inline int matmul_padded(int length) { return (length + 15) / 16 * 16; }
