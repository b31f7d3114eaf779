// C = alpha op(A) op(B) + beta C on the micro-kernel: a "voxel" is a row of C, an "output channel" a column.
#pragma once
#include "blocking.h"
#include "cpu_kernels.h"
#include "microkernel.h"

// A as stored is packed like activations, [inner / 16][row][16]; A transposed is packed as it is stored, [inner][row].
#define TILE_TRANSPOSED(name, voxels) TILE(name, voxels, 2, 1, matmul_row_block, 16)
TILE_TABLE(tile_transposed, TILE_TRANSPOSED)

/// Rows `row` ... of op(A), inner block `index`, zeros up to a multiple of 16.
static void product_pack_a(const matmul_shape *s, const float *a, long row, int rows, int index, float *packed) {
  const int length = matmul_inner_length(s, index), inner = index * matmul_inner_block;
  memset(packed, 0, (long)matmul_row_block * matmul_padded(length) * sizeof(float));
  if (s->transpose_a) {
    for (int k = 0; k < length; k++)
      memcpy(packed + (long)k * matmul_row_block, a + (inner + k) * s->lda + row, rows * sizeof(float));
    return;
  }
  for (int r = 0; r < rows; r++) {
    const float *from = a + (row + r) * s->lda + inner;
    for (int k = 0; k < length; k += 16)
      memcpy(packed + (long)k * matmul_row_block + r * 16, from + k,
             (length - k < 16 ? length - k : 16) * sizeof(float));
  }
}

/// C = alpha * sums + beta * C for one tile; `lanes` columns of it exist.
static void product_store(const float *sums, int rows, int lanes, float alpha, float beta, float *c, long ldc) {
  for (int r = 0; r < rows; r++, sums += block_floats, c += ldc)
    for (int i = 0; i < lanes; i += VECTOR_FLOATS) {
      const vec sum = vec_load(sums + i) * alpha;
      if (lanes - i >= VECTOR_FLOATS) vec_store(c + i, beta == 0 ? sum : sum + vec_load(c + i) * beta);
      else
        for (int lane = 0; lane < lanes - i; lane++)
          c[i + lane] = beta == 0 ? sum[lane] : sum[lane] + beta * c[i + lane];
    }
}

/// One block of rows with one block of the inner dimension, all columns.
static void product_block(const matmul_shape *s, const float *packed_a, const float *packed_b, long row, int rows,
                          int index, float *c, float *sums) {
  const int tiles = tile_count(rows), step = s->transpose_a ? 1 : 16;
  tile_function *const *table = s->transpose_a ? tile_transposed : tile_wide;
  tile_job job = {.blocks = matmul_padded(matmul_inner_length(s, index)) / 16,
                  .block_step = 16L * matmul_row_block,
                  .target = sums,
                  .target_step = block_floats};
  for (int column = 0; column < s->columns; column += block_floats) {
    const long inner = (long)index * matmul_inner_block;
    const tile_tap tap = {.a = packed_a, .b = packed_b + (long)column * matmul_padded(s->inner) + inner * block_floats};
    const int lanes = s->columns - column < block_floats ? s->columns - column : block_floats;
    for (int i = 0; i < tiles; i++) {
      const int first = tile_start(rows, tiles, i), count = tile_start(rows, tiles, i + 1) - first;
      job.offset = (long)first * step;
      table[count](&tap, 1, &job);
      product_store(sums, count, lanes, s->alpha, index == 0 ? s->beta : 1, c + (row + first) * s->ldc + column,
                    s->ldc);
    }
  }
}

static void matmul_product(const matmul_shape *s, const float *a, const float *packed_b, float *c, long first,
                           long last, float *scratch) {
  float *sums = scratch + (long)matmul_row_block * matmul_inner_block;
  const long end = last * matmul_item_rows < s->rows ? last * matmul_item_rows : s->rows;
  for (long row = first * matmul_item_rows; row < end; row += matmul_row_block) {
    const int rows = end - row < matmul_row_block ? (int)(end - row) : matmul_row_block;
    for (int index = 0; index < matmul_inner_blocks(s); index++) {
      product_pack_a(s, a, row, rows, index, scratch);
      product_block(s, scratch, packed_b, row, rows, index, c, sums);
    }
  }
}

static const matmul_kernels matmul = {block_floats, tile_voxels, matmul_product};
