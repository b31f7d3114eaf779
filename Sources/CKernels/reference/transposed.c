// Transposed convolution of kernel and stride (1,2,2) by its definition, summed in double.
#include "reference.h"

static long stored(long channels) { return (channels + 15) / 16 * 16; }

static long none(const transposed_shape *s) {
  (void)s;
  return 0;
}

static void no_packing(const transposed_shape *s, const float *weights, float *packed, long first, long last) {
  (void)s, (void)weights, (void)packed, (void)first, (void)last;
}

/// W x of one output voxel (row, column) of a slice, or 0 where no input voxel reaches.
static double reach(const transposed_shape *s, const float *slice, const float *weights, long row, long column,
                    long o) {
  if (row / 2 >= s->height || column / 2 >= s->width) return 0;
  const float *x = slice + (row / 2 * s->width + column / 2) * stored(s->in);
  double sum = 0;
  for (long c = 0; c < s->in; c++) sum += (double)x[c] * weights[((c * s->out + o) * 2 + row % 2) * 2 + column % 2];
  return sum;
}

static void forward(const transposed_shape *s, const float *x, const float *weights, const float *bias, float *y,
                    long first, long last) {
  for (long item = first; item < last; item++) {
    const long slice = item / s->height, h = item % s->height;
    const long end = h == s->height - 1 ? s->out_height : 2 * h + 2;
    for (long row = 2 * h; row < end; row++)
      for (long column = 0; column < s->out_width; column++)
        for (long o = 0; o < stored(s->out); o++) {
          const float *in = x + slice * s->height * s->width * stored(s->in);
          const double value = o < s->out ? (bias ? bias[o] : 0) + reach(s, in, weights, row, column, o) : 0;
          y[((slice * s->out_height + row) * s->out_width + column) * stored(s->out) + o] = value;
        }
  }
}

static void backward_input(const transposed_shape *s, const float *dy, const float *weights, gradient_target dx,
                           long first, long last) {
  for (long item = first; item < last; item++)
    for (long w = 0; w < s->width; w++)
      for (long c = 0; c < stored(s->in); c++) {
        double sum = 0;
        for (long tap = 0; tap < 4 && c < s->in; tap++) {
          const long row = item / s->height * s->out_height + item % s->height * 2 + tap / 2;
          const float *g = dy + (row * s->out_width + 2 * w + tap % 2) * stored(s->out);
          for (long o = 0; o < s->out; o++) sum += (double)g[o] * weights[(c * s->out + o) * 4 + tap];
        }
        float *d = dx.at + (item * s->width + w) * stored(s->in) + c;
        *d = sum + (dx.accumulate ? *d : 0);
      }
}

static void backward_weights(const transposed_shape *s, const float *x, const float *dy, float *dweights, float *sums,
                             long first, long last) {
  (void)sums;
  for (long c = 8 * first; c < 8 * last && c < s->in; c++)
    for (long o = 0; o < s->out; o++)
      for (long tap = 0; tap < 4; tap++) {
        double sum = 0;
        for (long v = 0; v < s->slices * s->height * s->width; v++) {
          const long line = v / s->width, row = line / s->height * s->out_height + line % s->height * 2 + tap / 2;
          const float *g = dy + (row * s->out_width + v % s->width * 2 + tap % 2) * stored(s->out);
          sum += (double)x[v * stored(s->in) + c] * g[o];
        }
        dweights[(c * s->out + o) * 4 + tap] = sum;
      }
}

const transposed_kernels transposed_reference = {
    .packed_count = none,
    .pack_forward = no_packing,
    .pack_backward = no_packing,
    .forward = forward,
    .backward_input = backward_input,
    .sums_count = none,
    .backward_weights = backward_weights,
};
