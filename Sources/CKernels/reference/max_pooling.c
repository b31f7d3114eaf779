// Max pooling by its definition: the first of the largest values of a 2 x 2 window.
#include "reference.h"

/// Which of the window's four values PyTorch takes, looking at (0,0), (0,1), (1,0), (1,1) in order; NaN wins.
static int winner(const float *x, long row, long stored) {
  const long at[4] = {0, stored, row, row + stored};
  int best = 0;
  for (int k = 1; k < 4; k++) {
    const float value = x[at[k]];
    if (value > x[at[best]] || value != value) best = k;
  }
  return best;
}

static void forward(const max_pooling_shape *s, const float *x, float *y, long first, long last) {
  const long rows = s->height / 2, columns = s->width / 2, row = s->width * s->stored;
  for (long item = first; item < last; item++) {
    const float *in = x + (item / rows * s->height + item % rows * 2) * row;
    for (long w = 0; w < columns; w++)
      for (long c = 0; c < s->stored; c++) {
        const float *window = in + 2 * w * s->stored + c;
        const int k = winner(window, row, s->stored);
        y[(item * columns + w) * s->stored + c] = window[k / 2 * row + k % 2 * s->stored];
      }
  }
}

static void backward(const max_pooling_shape *s, const float *x, const float *dy, gradient_target dx, long first,
                     long last) {
  const long rows = s->height / 2, columns = s->width / 2, row = s->width * s->stored;
  for (long item = first; item < last; item++) {
    const long h = item % rows, count = h == rows - 1 ? s->height - 2 * h : 2;
    const long offset = (item / rows * s->height + 2 * h) * row;
    for (long i = 0; i < count * row && !dx.accumulate; i++) dx.at[offset + i] = 0;
    for (long w = 0; w < columns; w++)
      for (long c = 0; c < s->stored; c++) {
        const long window = offset + 2 * w * s->stored + c;
        const int k = winner(x + window, row, s->stored);
        dx.at[window + k / 2 * row + k % 2 * s->stored] += dy[(item * columns + w) * s->stored + c];
      }
  }
}

const max_pooling_kernels max_pooling_reference = {forward, backward};
