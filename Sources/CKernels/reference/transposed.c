// Transposed convolution whose kernel is its stride by its definition, summed in double.
#include "reference.h"

static long stored(long channels) { return (channels + 15) / 16 * 16; }

static long none(const transposed_shape *s) {
  (void)s;
  return 0;
}

static void no_packing(const transposed_shape *s, const float *weights, float *packed, long first, long last) {
  (void)s, (void)weights, (void)packed, (void)first, (void)last;
}

/// W x of one output voxel (slice, row, column), or 0 where no input voxel reaches.
static double reach(const transposed_shape *s, const float *x, const float *weights, long slice, long row, long column,
                    long o) {
  const long deep = s->window[0], down = s->window[1], across = s->window[2];
  if (row / down >= s->height || column / across >= s->width) return 0;
  const float *in = x + ((slice / deep * s->height + row / down) * s->width + column / across) * stored(s->in);
  const long tap = (slice % deep * down + row % down) * across + column % across;
  double sum = 0;
  for (long c = 0; c < s->in; c++) sum += (double)in[c] * weights[(c * s->out + o) * transposed_taps(s) + tap];
  return sum;
}

/// One output row.
static void forward_row(const transposed_shape *s, const float *x, const float *weights, const float *bias, float *y,
                        long slice, long row) {
  for (long column = 0; column < s->out_width; column++)
    for (long o = 0; o < stored(s->out); o++) {
      const double value = o < s->out ? (bias ? bias[o] : 0) + reach(s, x, weights, slice, row, column, o) : 0;
      y[((slice * s->out_height + row) * s->out_width + column) * stored(s->out) + o] = value;
    }
}

static void forward(const transposed_shape *s, const float *x, const float *weights, const float *bias, float *y,
                    long first, long last) {
  for (long item = first; item < last; item++) {
    const long h = item % s->height, down = s->window[1];
    const long end = h == s->height - 1 ? s->out_height : down * (h + 1);
    for (long i = 0; i < s->window[0]; i++)
      for (long row = down * h; row < end; row++)
        forward_row(s, x, weights, bias, y, item / s->height * s->window[0] + i, row);
  }
}

static void backward_input(const transposed_shape *s, const float *dy, const float *weights, gradient_target dx,
                           long first, long last) {
  const long taps = transposed_taps(s);
  for (long item = first; item < last; item++)
    for (long w = 0; w < s->width; w++)
      for (long c = 0; c < stored(s->in); c++) {
        double sum = 0;
        for (long tap = 0; tap < taps && c < s->in; tap++) {
          const float *g = dy + (transposed_reached(s, item, tap) + s->window[2] * w) * stored(s->out);
          for (long o = 0; o < s->out; o++) sum += (double)g[o] * weights[(c * s->out + o) * taps + tap];
        }
        float *d = dx.at + (item * s->width + w) * stored(s->in) + c;
        *d = sum + (dx.accumulate ? *d : 0);
      }
}

static void backward_weights(const transposed_shape *s, const float *x, const float *dy, float *dweights, float *sums,
                             long first, long last) {
  (void)sums;
  const long taps = transposed_taps(s);
  for (long c = 8 * first; c < 8 * last && c < s->in; c++)
    for (long o = 0; o < s->out; o++)
      for (long tap = 0; tap < taps; tap++) {
        double sum = 0;
        for (long v = 0; v < s->slices * s->height * s->width; v++) {
          const long reached = transposed_reached(s, v / s->width, tap) + v % s->width * s->window[2];
          const float *g = dy + reached * stored(s->out);
          sum += (double)x[v * stored(s->in) + c] * g[o];
        }
        dweights[(c * s->out + o) * taps + tap] = sum;
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
