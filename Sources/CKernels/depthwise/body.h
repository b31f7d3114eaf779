// Depthwise 7 x 7 convolution, one channel block of one plane at a time. Rows are first copied to a ring in scratch,
// contiguous and with borders of zeros, so that the loops have no branches and channel strides of a power of two do
// not fight for cache lines; a tile of output columns is then summed in registers over all 49 taps.
#include "baselines.h"

#define UNROLLED _Pragma("clang loop unroll(full)")

INLINE long stored(const depthwise_shape *s) { return (s->channels + LANES - 1) / LANES * LANES; }
INLINE long ring_rows(const depthwise_shape *s) { return 6 * s->dilation + 1; }
INLINE long ring_stride(const depthwise_shape *s) { return (s->width + 6 * s->dilation) * LANES; }

/// The ring, and one more row for a gradient.
static long scratch_count(const depthwise_shape *s) { return ring_rows(s) * ring_stride(s) + s->width * LANES; }

/// The ring's place for a row of the plane, first tap of column 0.
INLINE float *ring_row(const depthwise_shape *s, float *ring, long row) {
  return ring + row % ring_rows(s) * ring_stride(s);
}

/// Copies one channel block of a row and asks for the next row's, which is too far away for the hardware to foresee.
INLINE void copy_row(const depthwise_shape *s, const float *from, float *to) {
  for (long w = 0; w < s->width; w++) {
    store(to + w * LANES, load(from + w * stored(s)));
    __builtin_prefetch(from + (s->width + w) * stored(s));
  }
}

/// Copies the rows first ..< last of a plane (channel block of x) into the ring; its borders are zero already.
static void fill_rows(const depthwise_shape *s, const float *x, float *ring, long first, long last) {
  for (long row = first; row < last && row < s->height; row++) {
    float *to = ring_row(s, ring, row) + 3 * s->dilation * LANES;
    const float *from = x + row * s->width * stored(s);
    copy_row(s, from, to);
  }
}

/// The block's weights as [7][7][16], zero for padding channels.
static void gather_weights(const depthwise_shape *s, const float *weights, long c, int flipped,
                           float block[49 * LANES]) {
  memset(block, 0, 49 * LANES * sizeof(float));
  for (long lane = 0; lane < LANES && c + lane < s->channels; lane++)
    for (long k = 0; k < 49; k++) block[k * LANES + lane] = weights[(c + lane) * 49 + (flipped ? 48 - k : k)];
}

/// One kernel row for neighbouring outputs. Every input is loaded once and meets all taps that want it; an output still
/// receives its taps from left to right.
INLINE void add_taps(const int columns, const int dilation, const float *in, const float *weights, lanes *sum) {
  lanes weight[7];
  UNROLLED for (int k = 0; k < 7; k++) weight[k] = load(weights + k * LANES);
  UNROLLED for (int p = 0; p < columns + 6 * dilation; p++) {
    const lanes x = load(in + p * LANES);
    UNROLLED for (int k = 0; k < 7; k++) {
      const int t = p - k * dilation;
      if (t >= 0 && t < columns) sum[t] = fused(x, weight[k], sum[t]);
    }
  }
}

/// The same for any dilation.
INLINE void add_taps_loosely(const int columns, long dilation, const float *in, const float *weights, lanes *sum) {
  for (int k = 0; k < 7; k++) {
    const lanes weight = load(weights + k * LANES);
    UNROLLED for (int t = 0; t < columns; t++) sum[t] = fused(load(in + (k * dilation + t) * LANES), weight, sum[t]);
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
} row_job;

INLINE void tile(const int columns, const int dilation, const row_job *j, long w) {
  lanes sum[DEPTHWISE_TILE];
  UNROLLED for (int t = 0; t < columns; t++) sum[t] = load(j->start);
  for (long k = j->first_tap; k < j->last_tap; k++) {
    const float *in = j->in[k] + w * LANES, *weights = j->weights + k * 7 * LANES;
    if (dilation > 0) add_taps(columns, dilation, in, weights, sum);
    else add_taps_loosely(columns, j->shape->dilation, in, weights, sum);
  }
  UNROLLED for (int t = 0; t < columns; t++) {
    float *to = j->y + (w + t) * stored(j->shape);
    store(to, j->accumulate ? load(to) + sum[t] : sum[t]);
  }
}

INLINE void convolve_row(const int dilation, const row_job *j) {
  long w = 0;
  for (; w + DEPTHWISE_TILE <= j->shape->width; w += DEPTHWISE_TILE) tile(DEPTHWISE_TILE, dilation, j, w);
  for (; w + 4 <= j->shape->width; w += 4) tile(4, dilation, j, w);
  for (; w < j->shape->width; w++) tile(1, dilation, j, w);
}

static void convolve_row_1(const row_job *j) { convolve_row(1, j); }
static void convolve_row_3(const row_job *j) { convolve_row(3, j); }
static void convolve_row_any(const row_job *j) { convolve_row(0, j); }

/// The first kernel row that meets the plane at output row h, and the one after the last.
INLINE long first_tap(const depthwise_shape *s, long h) { return h >= 3 * s->dilation ? 0 : 3 - h / s->dilation; }
INLINE long last_tap(const depthwise_shape *s, long h) {
  const long below = s->height - 1 - h;
  return below >= 3 * s->dilation ? 7 : 4 + below / s->dilation;
}

/// One plane: rows enter the ring just before they are needed.
static void convolve_plane(row_job job, const float *x, float *ring) {
  const depthwise_shape *s = job.shape;
  void (*const convolve)(const row_job *) = !DEPTHWISE_SLIDES  ? convolve_row_any
                                            : s->dilation == 1 ? convolve_row_1
                                            : s->dilation == 3 ? convolve_row_3
                                                               : convolve_row_any;
  const long ahead = 3 * s->dilation;
  fill_rows(s, x, ring, 0, ahead);
  for (long h = 0; h < s->height; h++, job.y += s->width * stored(s)) {
    fill_rows(s, x, ring, h + ahead, h + ahead + 1);
    job.first_tap = first_tap(s, h);
    job.last_tap = last_tap(s, h);
    for (long k = job.first_tap; k < job.last_tap; k++) job.in[k] = ring_row(s, ring, h + (k - 3) * s->dilation);
    convolve(&job);
  }
}

static void forward(const depthwise_shape *s, const float *x, const float *weights, const float *bias, int flipped,
                    float *y, int accumulate, float *scratch, long first, long last) {
  const long blocks = stored(s) / LANES, plane = s->height * s->width * stored(s);
  float block[49 * LANES] __attribute__((aligned(64))), start[LANES] __attribute__((aligned(64)));
  memset(scratch, 0, scratch_count(s) * sizeof(float));
  for (long item = first; item < last; item++) {
    const long c = item % blocks * LANES, offset = item / blocks * plane + c;
    gather_weights(s, weights, c, flipped, block);
    store(start, bias ? load_first(bias + c, s->channels - c) : splat(0));
    convolve_plane((row_job){s, block, start, {0}, 0, 0, y + offset, accumulate}, x + offset, scratch);
  }
}

/// sums[k] += sum over w of dy[w] * in[w + k dilation], one kernel row over one row of gradients, columns in order.
INLINE void gradient_row(const int dilation, const depthwise_shape *s, const float *in, const float *dy, float *sums) {
  enum { columns = 8 };
  lanes sum[7] = {0};
  long w = 0;
  for (; dilation > 0 && w + columns <= s->width; w += columns) {
    lanes g[columns];
    UNROLLED for (int t = 0; t < columns; t++) g[t] = load(dy + (w + t) * LANES);
    UNROLLED for (int p = 0; p < columns + 6 * dilation; p++) {
      const lanes x = load(in + (w + p) * LANES);
      UNROLLED for (int k = 0; k < 7; k++) {
        const int t = p - k * dilation;
        if (t >= 0 && t < columns) sum[k] = fused(g[t], x, sum[k]);
      }
    }
  }
  for (; w < s->width; w++) {
    const lanes g = load(dy + w * LANES);
    for (int k = 0; k < 7; k++) sum[k] = fused(g, load(in + (w + k * s->dilation) * LANES), sum[k]);
  }
  for (int k = 0; k < 7; k++) store(sums + k * LANES, load(sums + k * LANES) + sum[k]);
}

static void gradient_row_1(const depthwise_shape *s, const float *in, const float *dy, float *sums) {
  gradient_row(1, s, in, dy, sums);
}
static void gradient_row_3(const depthwise_shape *s, const float *in, const float *dy, float *sums) {
  gradient_row(3, s, in, dy, sums);
}
static void gradient_row_any(const depthwise_shape *s, const float *in, const float *dy, float *sums) {
  gradient_row(0, s, in, dy, sums);
}

/// Adds one plane's gradients of the kernel rows first ..< last to sums [7][7][16].
static void gradient_plane(const depthwise_shape *s, const float *x, const float *dy, float *ring, float *sums,
                           long first, long last) {
  void (*const add)(const depthwise_shape *, const float *, const float *, float *) =
      !DEPTHWISE_SLIDES  ? gradient_row_any
      : s->dilation == 1 ? gradient_row_1
      : s->dilation == 3 ? gradient_row_3
                         : gradient_row_any;
  float own[49 * LANES] __attribute__((aligned(64))) = {0};
  float *line = ring + ring_rows(s) * ring_stride(s);
  const long ahead = 3 * s->dilation;
  fill_rows(s, x, ring, 0, ahead);
  for (long h = 0; h < s->height; h++) {
    fill_rows(s, x, ring, h + ahead, h + ahead + 1);
    copy_row(s, dy + h * s->width * stored(s), line);
    for (long k = first; k < last; k++)
      if (k >= first_tap(s, h) && k < last_tap(s, h))
        add(s, ring_row(s, ring, h + (k - 3) * s->dilation), line, own + k * 7 * LANES);
  }
  for (long i = first * 7 * LANES; i < last * 7 * LANES; i += LANES) store(sums + i, load(sums + i) + load(own + i));
}

/// Items first ..< last of one channel block: sums over rows, then planes, then the batch, which keeps rounding small.
static void gradient_block(const depthwise_shape *s, const float *x, const float *dy, float *dweights, float *scratch,
                           long c, long first, long last) {
  const long plane = s->height * s->width * stored(s);
  float sums[49 * LANES] __attribute__((aligned(64))) = {0};
  for (long slice = 0; slice < s->slices; slice++)
    gradient_plane(s, x + slice * plane + c, dy + slice * plane + c, scratch, sums, first, last);
  for (long lane = 0; lane < LANES && c + lane < s->channels; lane++)
    for (long k = first * 7; k < last * 7; k++) dweights[(c + lane) * 49 + k] = sums[k * LANES + lane];
}

static void backward_weights(const depthwise_shape *s, const float *x, const float *dy, float *dweights, float *scratch,
                             long first, long last) {
  memset(scratch, 0, scratch_count(s) * sizeof(float));
  for (long item = first; item < last;) {
    const long block = item / 7, end = last < (block + 1) * 7 ? last : (block + 1) * 7;
    gradient_block(s, x, dy, dweights, scratch, block * LANES, item - block * 7, end - block * 7);
    item = end;
  }
}
