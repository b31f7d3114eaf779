// Depthwise convolution with a kernel of (1,7,7) by its definition, summed in double.
#include "reference.h"

static long stored(const depthwise_shape *s) { return (s->channels + 15) / 16 * 16; }

static long scratch_count(const depthwise_shape *s) {
  (void)s;
  return 0;
}

/// The value at (row, column) of a plane of one channel, 0 outside.
static float at(const depthwise_shape *s, const float *plane, long row, long column) {
  if (row < 0 || row >= s->height || column < 0 || column >= s->width) return 0;
  return plane[(row * s->width + column) * stored(s)];
}

static void forward(const depthwise_shape *s, const depthwise_call *call, float *scratch, long first, long last) {
  (void)scratch;
  const float *x = call->x, *weights = call->weights, *bias = call->bias;
  const long blocks = stored(s) / 16, plane = s->height * s->width;
  for (long i = first * plane * 16; i < last * plane * 16; i++) {
    const long item = i / (plane * 16), v = i / 16 % plane, c = item % blocks * 16 + i % 16;
    const long offset = item / blocks * plane * stored(s) + c;
    double sum = bias && c < s->channels ? bias[c] : 0;
    for (long k = 0; k < 49 && c < s->channels; k++)
      sum += (double)weights[c * 49 + (call->flipped ? 48 - k : k)] *
             at(s, x + offset, v / s->width + (k / 7 - 3) * s->dilation, v % s->width + (k % 7 - 3) * s->dilation);
    float *to = call->y + offset + v * stored(s);
    *to = sum + (call->accumulate ? *to : 0);
  }
}

static void backward_weights(const depthwise_shape *s, const float *x, const float *dy, float *dweights, float *scratch,
                             long first, long last) {
  (void)scratch;
  const long plane = s->height * s->width;
  for (long item = first; item < last; item++)
    for (long k = 0; k < 16 * 7; k++) {
      const long c = item / 7 * 16 + k / 7, row = item % 7, column = k % 7;
      if (c >= s->channels) break;
      double sum = 0;
      for (long v = 0; v < s->slices * plane; v++) {
        const long offset = v / plane * plane * stored(s) + c, h = v % plane / s->width, w = v % s->width;
        sum += (double)dy[v * stored(s) + c] *
               at(s, x + offset, h + (row - 3) * s->dilation, w + (column - 3) * s->dilation);
      }
      dweights[c * 49 + row * 7 + column] = sum;
    }
}

const depthwise_kernels depthwise_reference = {scratch_count, forward, backward_weights};
