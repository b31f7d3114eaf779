// Packing and sizes of matrix products; nothing here depends on the instruction set.
#include "blocking.h"
#include <string.h>

long matmul_items(const matmul_shape *s) { return (s->rows + matmul_item_rows - 1) / matmul_item_rows; }

long matmul_scratch(int block, int tile) { return (long)matmul_row_block * matmul_inner_block + (long)block * tile; }

static long column_blocks(const matmul_shape *s, int block) { return (s->columns + block - 1) / block; }
/// Items that pack one column block.
static long pack_pieces(const matmul_shape *s) { return (s->inner + matmul_item_inner - 1) / matmul_item_inner; }

long matmul_pack_items(const matmul_shape *s, int block) { return column_blocks(s, block) * pack_pieces(s); }

long matmul_packed_floats(const matmul_shape *s, int block) {
  return column_blocks(s, block) * matmul_padded(s->inner) * block;
}

void matmul_pack(const matmul_shape *s, int block, const float *b, float *packed, long first, long last) {
  const long column_step = s->transpose_b ? s->ldb : 1, inner_step = s->transpose_b ? 1 : s->ldb;
  for (long item = first; item < last; item++) {
    const long column = item / pack_pieces(s) * block, rest = s->columns - column, lanes = rest < block ? rest : block;
    const long inner = item % pack_pieces(s) * matmul_item_inner, padded = matmul_padded(s->inner);
    const long end = inner + matmul_item_inner < padded ? inner + matmul_item_inner : padded;
    float *to = packed + column * padded + inner * block;
    for (long k = inner; k < end; k++, to += block) {
      const float *from = b + column * column_step + k * inner_step;
      const long real = k < s->inner ? lanes : 0;
      if (column_step == 1) memcpy(to, from, real * sizeof(float));
      else
        for (long lane = 0; lane < real; lane++) to[lane] = from[lane * column_step];
      memset(to + real, 0, (block - real) * sizeof(float));
    }
  }
}
