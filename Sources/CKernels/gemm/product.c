// Packing and sizes of matrix products; nothing here depends on the instruction set.
#include "blocking.h"
#include <string.h>

long matmul_items(const matmul_shape *s) { return (s->rows + matmul_row_block - 1) / matmul_row_block; }

long matmul_scratch(int block, int tile) { return (long)matmul_row_block * matmul_inner_block + (long)block * tile; }

long matmul_pack_items(const matmul_shape *s, int block) { return (s->columns + block - 1) / block; }

long matmul_packed_floats(const matmul_shape *s, int block) {
  return matmul_pack_items(s, block) * matmul_padded(s->inner) * block;
}

void matmul_pack(const matmul_shape *s, int block, const float *b, float *packed, long first, long last) {
  const long column_step = s->transpose_b ? s->ldb : 1, inner_step = s->transpose_b ? 1 : s->ldb;
  for (long item = first; item < last; item++) {
    const long column = item * block, rest = s->columns - column, lanes = rest < block ? rest : block;
    float *to = packed + column * matmul_padded(s->inner);
    for (long k = 0; k < matmul_padded(s->inner); k++, to += block) {
      const float *from = b + column * column_step + k * inner_step;
      const long real = k < s->inner ? lanes : 0;
      if (column_step == 1) memcpy(to, from, real * sizeof(float));
      else
        for (long lane = 0; lane < real; lane++) to[lane] = from[lane * column_step];
      memset(to + real, 0, (block - real) * sizeof(float));
    }
  }
}
