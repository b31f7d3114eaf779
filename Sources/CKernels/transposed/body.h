// Transposed convolution as matrix products: kernel = stride, so every output voxel has one input voxel and one of four
// weight matrices ("taps", i * 2 + j). Packed weights are [tap][block of 16 results][summed channel][16].
#include "baselines.h"

#define TAPS 4
/// Input rows whose voxels fit the second cache while all weights pass by.
#define GROUP_FLOATS 65536
/// Voxels summed in registers before a weight gradient goes to memory: two-level sums keep rounding small.
#define CHUNK_VOXELS 64

INLINE long stored(long channels) { return (channels + LANES - 1) / LANES * LANES; }

static long packed_count(const transposed_shape *s) { return TAPS * stored(s->in) * stored(s->out); }

/// Items are (tap, block of outputs); sums run over inputs.
static void pack_forward(const transposed_shape *s, const float *weights, float *packed, long first, long last) {
  const long blocks = stored(s->out) / LANES, inner = stored(s->in);
  for (long item = first; item < last; item++)
    for (long c = 0; c < inner; c++)
      for (long k = 0; k < LANES; k++) {
        const long o = item % blocks * LANES + k;
        const int real = c < s->in && o < s->out;
        packed[(item * inner + c) * LANES + k] = real ? weights[(c * s->out + o) * TAPS + item / blocks] : 0;
      }
}

/// Items are (tap, block of inputs); sums run over outputs.
static void pack_backward(const transposed_shape *s, const float *weights, float *packed, long first, long last) {
  const long blocks = stored(s->in) / LANES, inner = stored(s->out);
  for (long item = first; item < last; item++)
    for (long o = 0; o < inner; o++)
      for (long k = 0; k < LANES; k++) {
        const long c = item % blocks * LANES + k;
        const int real = c < s->in && o < s->out;
        packed[(item * inner + o) * LANES + k] = real ? weights[(c * s->out + o) * TAPS + item / blocks] : 0;
      }
}

/// A product over one or more taps: result[voxel][block] = start + sum over taps and inner of a * b.
typedef struct {
  int taps;
  long inner;
  const float *a[TAPS], *b[TAPS];    // b: packed, at the first block
  long voxel_stride, result_stride;  // floats from one voxel to the next
} product;

INLINE void tile(const int voxels, const int blocks, const product *p, long voxel, const lanes *start, float *result,
                 int accumulate) {
  lanes sum[PRODUCT_VOXELS][PRODUCT_BLOCKS];
  for (int v = 0; v < voxels; v++)
    for (int k = 0; k < blocks; k++) sum[v][k] = start[k];
  for (int t = 0; t < p->taps; t++) {
    const float *a = p->a[t] + voxel * p->voxel_stride, *b = p->b[t];
    for (long i = 0; i < p->inner; i++) {
      lanes weight[PRODUCT_BLOCKS];
      for (int k = 0; k < blocks; k++) weight[k] = load(b + (k * p->inner + i) * LANES);
      for (int v = 0; v < voxels; v++) {
        const lanes x = splat(a[v * p->voxel_stride + i]);
        for (int k = 0; k < blocks; k++) sum[v][k] = fused(x, weight[k], sum[v][k]);
      }
    }
  }
  for (int v = 0; v < voxels; v++)
    for (int k = 0; k < blocks; k++) {
      float *out = result + (voxel + v) * p->result_stride + k * LANES;
      store(out, accumulate ? load(out) + sum[v][k] : sum[v][k]);
    }
}

/// All voxels of a row, in tiles as large as the registers hold.
INLINE void row_product(const int blocks, const product *p, long voxels, const lanes *start, float *result,
                        int accumulate) {
  long v = 0;
  for (; v + PRODUCT_VOXELS <= voxels; v += PRODUCT_VOXELS)
    tile(PRODUCT_VOXELS, blocks, p, v, start, result, accumulate);
  for (; v + 4 <= voxels; v += 4) tile(4, blocks, p, v, start, result, accumulate);
  for (; v < voxels; v++) tile(1, blocks, p, v, start, result, accumulate);
}

static void row_product_wide(const product *p, long voxels, const lanes *start, float *result, int accumulate) {
  row_product(PRODUCT_BLOCKS, p, voxels, start, result, accumulate);
}

static void row_product_narrow(const product *p, long voxels, const lanes *start, float *result, int accumulate) {
  row_product(1, p, voxels, start, result, accumulate);
}

/// Rows that are worked on together, so that weights come from memory once per group.
INLINE long group_rows(long floats_per_row) {
  return floats_per_row >= GROUP_FLOATS ? 1 : GROUP_FLOATS / floats_per_row;
}

/// Output voxels beyond 2 height or 2 width: the bias alone.
static void fill_odd_edges(const transposed_shape *s, const float *bias, float *y, long item) {
  const long slice = item / s->height, h = item % s->height, channels = stored(s->out);
  const long end = h == s->height - 1 ? s->out_height : 2 * h + 2;
  for (long row = 2 * h; row < end; row++)
    for (long column = row < 2 * s->height ? 2 * s->width : 0; column < s->out_width; column++)
      for (long o = 0; o < channels; o += LANES)
        store(y + ((slice * s->out_height + row) * s->out_width + column) * channels + o,
              bias ? load_first(bias + o, s->out - o) : splat(0));
}

/// One tap and block pair for the rows first ..< last.
static void forward_rows(const transposed_shape *s, const float *x, const float *packed, const float *bias, float *y,
                         int tap, long o, long first, long last) {
  const long inner = stored(s->in), channels = stored(s->out);
  const int wide = channels - o >= PRODUCT_BLOCKS * LANES;
  lanes start[PRODUCT_BLOCKS];
  for (int k = 0; k < PRODUCT_BLOCKS; k++)
    start[k] = bias && o + k * LANES < s->out ? load_first(bias + o + k * LANES, s->out - o - k * LANES) : splat(0);
  for (long item = first; item < last; item++) {
    const long row = item / s->height * s->out_height + item % s->height * 2 + tap / 2;
    const product p = {1,     inner,       {x + item * s->width * inner}, {packed + (tap * channels + o) * inner},
                       inner, 2 * channels};
    float *out = y + (row * s->out_width + tap % 2) * channels + o;
    (wide ? row_product_wide : row_product_narrow)(&p, s->width, start, out, 0);
  }
}

static void forward(const transposed_shape *s, const float *x, const float *weights, const float *bias, float *y,
                    long first, long last) {
  const long group = group_rows(s->width * stored(s->in)), channels = stored(s->out);
  for (long begin = first; begin < last; begin += group) {
    const long end = begin + group < last ? begin + group : last;
    for (int tap = 0; tap < TAPS; tap++)
      for (long o = 0; o < channels; o += channels - o >= PRODUCT_BLOCKS * LANES ? PRODUCT_BLOCKS * LANES : LANES)
        forward_rows(s, x, weights, bias, y, tap, o, begin, end);
    for (long item = begin; item < end; item++) fill_odd_edges(s, bias, y, item);
  }
}

/// One pair of input blocks for the rows first ..< last; all four taps are summed in registers.
static void backward_rows(const transposed_shape *s, const float *dy, const float *packed, float *dx, int accumulate,
                          long c, long first, long last) {
  const long inner = stored(s->out), channels = stored(s->in);
  const int wide = channels - c >= PRODUCT_BLOCKS * LANES;
  const lanes zero[PRODUCT_BLOCKS] = {0};
  for (long item = first; item < last; item++) {
    product p = {TAPS, inner, {0}, {0}, 2 * inner, channels};
    for (int tap = 0; tap < TAPS; tap++) {
      const long row = item / s->height * s->out_height + item % s->height * 2 + tap / 2;
      p.a[tap] = dy + (row * s->out_width + tap % 2) * inner;
      p.b[tap] = packed + (tap * channels + c) * inner;
    }
    (wide ? row_product_wide : row_product_narrow)(&p, s->width, zero, dx + item * s->width * channels + c, accumulate);
  }
}

static void backward_input(const transposed_shape *s, const float *dy, const float *weights, float *dx, int accumulate,
                           long first, long last) {
  const long group = group_rows(4 * s->width * stored(s->out)), channels = stored(s->in);
  for (long begin = first; begin < last; begin += group)
    for (long c = 0; c < channels; c += channels - c >= PRODUCT_BLOCKS * LANES ? PRODUCT_BLOCKS * LANES : LANES)
      backward_rows(s, dy, weights, dx, accumulate, c, begin, begin + group < last ? begin + group : last);
}

static long sums_count(const transposed_shape *s) { return TAPS * stored(s->in) * stored(s->out); }

/// Adds the outer products of one chunk of rows to sums [row of weights][stored out]: GRADIENT_ROWS inputs x blocks.
INLINE void gradient_tile(const int blocks, const transposed_shape *s, const float *x, const float *dy, int tap,
                          float *sums, long first, long last) {
  const long in = stored(s->in), out = stored(s->out);
  lanes sum[GRADIENT_ROWS][PRODUCT_BLOCKS] = {0};
  for (long item = first; item < last; item++) {
    const float *a = x + item * s->width * in;
    const long row = item / s->height * s->out_height + item % s->height * 2 + tap / 2;
    const float *g = dy + (row * s->out_width + tap % 2) * out;
    for (long w = 0; w < s->width; w++, a += in, g += 2 * out)
      for (int c = 0; c < GRADIENT_ROWS; c++)
        for (int k = 0; k < blocks; k++) sum[c][k] = fused(splat(a[c]), load(g + k * LANES), sum[c][k]);
  }
  for (int c = 0; c < GRADIENT_ROWS; c++)
    for (int k = 0; k < blocks; k++) store(sums + c * out + k * LANES, load(sums + c * out + k * LANES) + sum[c][k]);
}

/// One chunk of rows for the inputs first_c ..< last_c and all taps and outputs.
static void gradient_chunk(const transposed_shape *s, const float *x, const float *dy, float *sums, long first_c,
                           long last_c, long first, long last) {
  const long in = stored(s->in), out = stored(s->out);
  for (int tap = 0; tap < TAPS; tap++)
    for (long o = 0; o < out;) {
      const int wide = out - o >= PRODUCT_BLOCKS * LANES;
      for (long c = first_c; c < last_c; c += GRADIENT_ROWS) {
        float *to = sums + (tap * in + c) * out + o;
        if (wide) gradient_tile(PRODUCT_BLOCKS, s, x + c, dy + o, tap, to, first, last);
        else gradient_tile(1, s, x + c, dy + o, tap, to, first, last);
      }
      o += wide ? PRODUCT_BLOCKS * LANES : LANES;
    }
}

static void backward_weights(const transposed_shape *s, const float *x, const float *dy, float *dweights, float *sums,
                             long first, long last) {
  const long in = stored(s->in), out = stored(s->out), rows = s->slices * s->height;
  const long chunk = (CHUNK_VOXELS + s->width - 1) / s->width;
  for (int tap = 0; tap < TAPS; tap++)
    memset(sums + (tap * in + 8 * first) * out, 0, 8 * (last - first) * out * sizeof(float));
  for (long row = 0; row < rows; row += chunk)
    gradient_chunk(s, x, dy, sums, 8 * first, 8 * last, row, row + chunk < rows ? row + chunk : rows);
  for (long c = 8 * first; c < 8 * last && c < s->in; c++)
    for (long o = 0; o < s->out; o++)
      for (int tap = 0; tap < TAPS; tap++) dweights[(c * s->out + o) * TAPS + tap] = sums[(tap * in + c) * out + o];
}
