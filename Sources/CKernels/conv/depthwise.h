// Depthwise 7 x 7 convolution, one channel block of one plane at a time. Rows are first copied to a ring in scratch,
// contiguous and with borders of zeros, so that the loops have no branches and channel strides of a power of two do
// not fight for cache lines; a tile of output columns is then summed in registers over all 49 taps.
#pragma once
#include "../simd/vector.h"
#include "cpu_kernels.h"

#if VECTOR_FLOATS == 16
enum { depthwise_tile = 16 };   // output columns that are summed in registers
enum { depthwise_slides = 1 };  // the inner loops keep a row of weights, seven vectors, in registers too
#else
enum { depthwise_tile = 6 };
enum { depthwise_slides = 0 };
#endif

INLINE long depthwise_stored(const depthwise_shape *s) { return stored_channels(s->channels); }
INLINE long ring_rows(const depthwise_shape *s) { return 6 * s->dilation + 1; }
INLINE long ring_stride(const depthwise_shape *s) { return (s->width + 6 * s->dilation) * 16; }

/// The ring, and one more row for a gradient.
static long depthwise_scratch_count(const depthwise_shape *s) { return ring_rows(s) * ring_stride(s) + s->width * 16; }

/// The ring's place for a row of the plane, first tap of column 0.
INLINE float *ring_row(const depthwise_shape *s, float *ring, long row) {
  return ring + row % ring_rows(s) * ring_stride(s);
}

/// Copies one channel block of a row and asks for the next row's, which is too far away for the hardware to foresee.
INLINE void copy_row(const depthwise_shape *s, const float *from, float *to) {
  for (long w = 0; w < s->width; w++) {
    store(to + w * 16, load(from + w * depthwise_stored(s)));
    __builtin_prefetch(from + (s->width + w) * depthwise_stored(s));
  }
}

/// Copies the rows first ..< last of a plane (channel block of x) into the ring; its borders are zero already.
static void fill_rows(const depthwise_shape *s, const float *x, float *ring, long first, long last) {
  for (long row = first; row < last && row < s->height; row++) {
    float *to = ring_row(s, ring, row) + 3 * s->dilation * 16;
    const float *from = x + row * s->width * depthwise_stored(s);
    copy_row(s, from, to);
  }
}

/// The block's weights as [7][7][16], zero for padding channels.
static void gather_weights(const depthwise_shape *s, const float *weights, long c, int flipped, float block[49 * 16]) {
  memset(block, 0, 49 * 16 * sizeof(float));
  for (long lane = 0; lane < 16 && c + lane < s->channels; lane++)
    for (long k = 0; k < 49; k++) block[k * 16 + lane] = weights[(c + lane) * 49 + (flipped ? 48 - k : k)];
}

/// One kernel row for neighbouring outputs. Every input is loaded once and meets all taps that want it; an output still
/// receives its taps from left to right.
INLINE void add_taps(const int columns, const int dilation, const float *in, const float *weights, vec16 *sum) {
  vec16 weight[7];
  UNROLLED for (int k = 0; k < 7; k++) weight[k] = load(weights + k * 16);
  UNROLLED for (int p = 0; p < columns + 6 * dilation; p++) {
    const vec16 x = load(in + p * 16);
    UNROLLED for (int k = 0; k < 7; k++) {
      const int t = p - k * dilation;
      if (t >= 0 && t < columns) sum[t] = vec_fma(x, weight[k], sum[t]);
    }
  }
}

/// The same for any dilation.
INLINE void add_taps_loosely(const int columns, long dilation, const float *in, const float *weights, vec16 *sum) {
  for (int k = 0; k < 7; k++) {
    const vec16 weight = load(weights + k * 16);
    UNROLLED for (int t = 0; t < columns; t++) sum[t] = vec_fma(load(in + (k * dilation + t) * 16), weight, sum[t]);
  }
}

/// What one output row of one channel block needs.
typedef struct {
  const depthwise_shape *shape;
  const float *weights;      // [7][7][16]
  const float *start;        // the bias or zeros, 16
  const float *in[7];        // the ring's rows under the kernel's rows
  long first_tap, last_tap;  // kernel rows that meet the plane
  float *y;
  int accumulate;
} depthwise_row;

INLINE void depthwise_columns(const int columns, const int dilation, const depthwise_row *j, long w) {
  vec16 sum[depthwise_tile];
  UNROLLED for (int t = 0; t < columns; t++) sum[t] = load(j->start);
  for (long k = j->first_tap; k < j->last_tap; k++) {
    const float *in = j->in[k] + w * 16, *weights = j->weights + k * 7 * 16;
    if (dilation > 0) add_taps(columns, dilation, in, weights, sum);
    else add_taps_loosely(columns, j->shape->dilation, in, weights, sum);
  }
  UNROLLED for (int t = 0; t < columns; t++) {
    float *to = j->y + (w + t) * depthwise_stored(j->shape);
    store_or_add(to, sum[t], j->accumulate);
  }
}

INLINE void convolve_row(const int dilation, const depthwise_row *j) {
  long w = 0;
  for (; w + depthwise_tile <= j->shape->width; w += depthwise_tile) depthwise_columns(depthwise_tile, dilation, j, w);
  for (; w + 4 <= j->shape->width; w += 4) depthwise_columns(4, dilation, j, w);
  for (; w < j->shape->width; w++) depthwise_columns(1, dilation, j, w);
}

static void convolve_row_1(const depthwise_row *j) { convolve_row(1, j); }
static void convolve_row_3(const depthwise_row *j) { convolve_row(3, j); }
static void convolve_row_any(const depthwise_row *j) { convolve_row(0, j); }

/// The first kernel row that meets the plane at output row h, and the one after the last.
INLINE long first_tap(const depthwise_shape *s, long h) { return h >= 3 * s->dilation ? 0 : 3 - h / s->dilation; }
INLINE long last_tap(const depthwise_shape *s, long h) {
  const long below = s->height - 1 - h;
  return below >= 3 * s->dilation ? 7 : 4 + below / s->dilation;
}

/// One plane: rows enter the ring just before they are needed.
static void convolve_plane(depthwise_row job, const float *x, float *ring) {
  const depthwise_shape *s = job.shape;
  void (*const convolve)(const depthwise_row *) = !depthwise_slides  ? convolve_row_any
                                                  : s->dilation == 1 ? convolve_row_1
                                                  : s->dilation == 3 ? convolve_row_3
                                                                     : convolve_row_any;
  const long ahead = 3 * s->dilation;
  fill_rows(s, x, ring, 0, ahead);
  for (long h = 0; h < s->height; h++, job.y += s->width * depthwise_stored(s)) {
    fill_rows(s, x, ring, h + ahead, h + ahead + 1);
    job.first_tap = first_tap(s, h);
    job.last_tap = last_tap(s, h);
    for (long k = job.first_tap; k < job.last_tap; k++) job.in[k] = ring_row(s, ring, h + (k - 3) * s->dilation);
    convolve(&job);
  }
}

static void depthwise_forward(const depthwise_shape *s, const depthwise_call *call, float *scratch, long first,
                              long last) {
  const long blocks = depthwise_stored(s) / 16, plane = s->height * s->width * depthwise_stored(s);
  float block[49 * 16] __attribute__((aligned(64))), start[16] __attribute__((aligned(64)));
  memset(scratch, 0, depthwise_scratch_count(s) * sizeof(float));
  for (long item = first; item < last; item++) {
    const long c = item % blocks * 16, offset = item / blocks * plane + c;
    gather_weights(s, call->weights, c, call->flipped, block);
    store(start, call->bias ? load_first(call->bias + c, s->channels - c) : splat(0));
    const depthwise_row row = {s, block, start, {0}, 0, 0, call->y + offset, call->accumulate};
    convolve_plane(row, call->x + offset, scratch);
  }
}

/// sums[k] += sum over w of dy[w] * in[w + k dilation], one kernel row over one row of gradients, columns in order.
INLINE void depthwise_gradient_row(const int dilation, const depthwise_shape *s, const float *in, const float *dy,
                                   float *sums) {
  enum { columns = 8 };
  vec16 sum[7] = {0};
  long w = 0;
  for (; dilation > 0 && w + columns <= s->width; w += columns) {
    vec16 g[columns];
    UNROLLED for (int t = 0; t < columns; t++) g[t] = load(dy + (w + t) * 16);
    UNROLLED for (int p = 0; p < columns + 6 * dilation; p++) {
      const vec16 x = load(in + (w + p) * 16);
      UNROLLED for (int k = 0; k < 7; k++) {
        const int t = p - k * dilation;
        if (t >= 0 && t < columns) sum[k] = vec_fma(g[t], x, sum[k]);
      }
    }
  }
  for (; w < s->width; w++) {
    const vec16 g = load(dy + w * 16);
    for (int k = 0; k < 7; k++) sum[k] = vec_fma(g, load(in + (w + k * s->dilation) * 16), sum[k]);
  }
  for (int k = 0; k < 7; k++) store(sums + k * 16, load(sums + k * 16) + sum[k]);
}

static void depthwise_gradient_row_1(const depthwise_shape *s, const float *in, const float *dy, float *sums) {
  depthwise_gradient_row(1, s, in, dy, sums);
}
static void depthwise_gradient_row_3(const depthwise_shape *s, const float *in, const float *dy, float *sums) {
  depthwise_gradient_row(3, s, in, dy, sums);
}
static void depthwise_gradient_row_any(const depthwise_shape *s, const float *in, const float *dy, float *sums) {
  depthwise_gradient_row(0, s, in, dy, sums);
}

/// Adds one plane's gradients of the kernel rows first ..< last to sums [7][7][16].
static void depthwise_gradient_plane(const depthwise_shape *s, const float *x, const float *dy, float *ring,
                                     float *sums, long first, long last) {
  void (*const add)(const depthwise_shape *, const float *, const float *, float *) =
      !depthwise_slides  ? depthwise_gradient_row_any
      : s->dilation == 1 ? depthwise_gradient_row_1
      : s->dilation == 3 ? depthwise_gradient_row_3
                         : depthwise_gradient_row_any;
  float own[49 * 16] __attribute__((aligned(64))) = {0};
  float *line = ring + ring_rows(s) * ring_stride(s);
  const long ahead = 3 * s->dilation;
  fill_rows(s, x, ring, 0, ahead);
  for (long h = 0; h < s->height; h++) {
    fill_rows(s, x, ring, h + ahead, h + ahead + 1);
    copy_row(s, dy + h * s->width * depthwise_stored(s), line);
    for (long k = first; k < last; k++)
      if (k >= first_tap(s, h) && k < last_tap(s, h))
        add(s, ring_row(s, ring, h + (k - 3) * s->dilation), line, own + k * 7 * 16);
  }
  for (long i = first * 7 * 16; i < last * 7 * 16; i += 16) store(sums + i, load(sums + i) + load(own + i));
}

/// Items first ..< last of one channel block: sums over rows, then planes, then the batch, which keeps rounding small.
static void depthwise_gradient_block(const depthwise_shape *s, const float *x, const float *dy, float *dweights,
                                     float *scratch, long c, long first, long last) {
  const long plane = s->height * s->width * depthwise_stored(s);
  float sums[49 * 16] __attribute__((aligned(64))) = {0};
  for (long slice = 0; slice < s->slices; slice++)
    depthwise_gradient_plane(s, x + slice * plane + c, dy + slice * plane + c, scratch, sums, first, last);
  for (long lane = 0; lane < 16 && c + lane < s->channels; lane++)
    for (long k = first * 7; k < last * 7; k++) dweights[(c + lane) * 49 + k] = sums[k * 16 + lane];
}

static void depthwise_backward_weights(const depthwise_shape *s, const float *x, const float *dy, float *dweights,
                                       float *scratch, long first, long last) {
  memset(scratch, 0, depthwise_scratch_count(s) * sizeof(float));
  for (long item = first; item < last;) {
    const long block = item / 7, end = last < (block + 1) * 7 ? last : (block + 1) * 7;
    depthwise_gradient_block(s, x, dy, dweights, scratch, block * 16, item - block * 7, end - block * 7);
    item = end;
  }
}

static const depthwise_kernels depthwise = {depthwise_scratch_count, depthwise_forward, depthwise_backward_weights};
