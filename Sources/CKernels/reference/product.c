// The definition of the matrix product: written to be read, summed in double.
#include "matmul.h"

void matmul_scalar(const matmul_shape *s, const float *a, const float *b, float *c, long first, long last) {
  for (long i = first; i < last; i++)
    for (long j = 0; j < s->columns; j++) {
      double sum = 0;
      for (long k = 0; k < s->inner; k++) {
        const float left = s->transpose_a ? a[k * s->lda + i] : a[i * s->lda + k];
        const float right = s->transpose_b ? b[j * s->ldb + k] : b[k * s->ldb + j];
        sum += (double)left * right;
      }
      float *out = c + i * s->ldc + j;
      *out = s->alpha * sum + (s->beta == 0 ? 0 : s->beta * (double)*out);
    }
}
