// Transposed convolution as matrix products: kernel = stride, so every output voxel has one input voxel and one of the
// window's weight matrices ("taps"). Packed weights are [tap][block of 16 results][summed channel][16].
#pragma once
#include "../simd/vector.h"
#include "cpu_kernels.h"

/// Floats of input rows that are worked on together, so that weights come from memory once per group of rows.
enum { transposed_group_floats = 65536 };
/// Voxels summed in registers before a weight gradient goes to memory: two-level sums keep rounding small.
enum { transposed_chunk_voxels = 64 };
/// What stays in registers: output voxels x channel blocks of a product, and input channels x channel blocks of a
/// weight gradient.
#if VECTOR_FLOATS == 16
enum { product_voxels = 12, product_blocks = 2, gradient_rows = 8 };
#else
enum { product_voxels = 6, product_blocks = 1, gradient_rows = 4 };
#endif

static long transposed_packed_count(const transposed_shape *s) {
  return transposed_taps(s) * stored_channels(s->in) * stored_channels(s->out);
}

/// Items are (tap, block of outputs); sums run over inputs.
static void transposed_pack_forward(const transposed_shape *s, const float *weights, float *packed, long first,
                                    long last) {
  const long blocks = stored_channels(s->out) / 16, inner = stored_channels(s->in), taps = transposed_taps(s);
  for (long item = first; item < last; item++)
    for (long c = 0; c < inner; c++)
      for (long k = 0; k < 16; k++) {
        const long o = item % blocks * 16 + k;
        const int real = c < s->in && o < s->out;
        packed[(item * inner + c) * 16 + k] = real ? weights[(c * s->out + o) * taps + item / blocks] : 0;
      }
}

/// Items are (tap, block of inputs); sums run over outputs.
static void transposed_pack_backward(const transposed_shape *s, const float *weights, float *packed, long first,
                                     long last) {
  const long blocks = stored_channels(s->in) / 16, inner = stored_channels(s->out), taps = transposed_taps(s);
  for (long item = first; item < last; item++)
    for (long o = 0; o < inner; o++)
      for (long k = 0; k < 16; k++) {
        const long c = item % blocks * 16 + k;
        const int real = c < s->in && o < s->out;
        packed[(item * inner + o) * 16 + k] = real ? weights[(c * s->out + o) * taps + item / blocks] : 0;
      }
}

/// A product over one or more taps: result[voxel][block] = start + sum over taps and inner of a * b.
typedef struct {
  int taps;
  long inner;
  const float *a[transposed_most_taps], *b[transposed_most_taps];  // b: packed, at the first block
  long voxel_stride, result_stride;                      // floats from one voxel to the next
} voxel_product;

INLINE void product_tile(const int voxels, const int blocks, const voxel_product *p, long voxel, const vec16 *start,
                         float *result, int accumulate) {
  vec16 sum[product_voxels][product_blocks];
  for (int v = 0; v < voxels; v++)
    for (int k = 0; k < blocks; k++) sum[v][k] = start[k];
  for (int t = 0; t < p->taps; t++) {
    const float *a = p->a[t] + voxel * p->voxel_stride, *b = p->b[t];
    for (long i = 0; i < p->inner; i++) {
      vec16 weight[product_blocks];
      for (int k = 0; k < blocks; k++) weight[k] = load(b + (k * p->inner + i) * 16);
      for (int v = 0; v < voxels; v++) {
        const vec16 x = splat(a[v * p->voxel_stride + i]);
        for (int k = 0; k < blocks; k++) sum[v][k] = vec_fma(x, weight[k], sum[v][k]);
      }
    }
  }
  for (int v = 0; v < voxels; v++)
    for (int k = 0; k < blocks; k++) {
      float *out = result + (voxel + v) * p->result_stride + k * 16;
      store_or_add(out, sum[v][k], accumulate);
    }
}

/// All voxels of a row, in tiles as large as the registers hold.
INLINE void row_product(const int blocks, const voxel_product *p, long voxels, const vec16 *start, float *result,
                        int accumulate) {
  long v = 0;
  for (; v + product_voxels <= voxels; v += product_voxels)
    product_tile(product_voxels, blocks, p, v, start, result, accumulate);
  for (; v + 4 <= voxels; v += 4) product_tile(4, blocks, p, v, start, result, accumulate);
  for (; v < voxels; v++) product_tile(1, blocks, p, v, start, result, accumulate);
}

static void row_product_wide(const voxel_product *p, long voxels, const vec16 *start, float *result, int accumulate) {
  row_product(product_blocks, p, voxels, start, result, accumulate);
}

static void row_product_narrow(const voxel_product *p, long voxels, const vec16 *start, float *result, int accumulate) {
  row_product(1, p, voxels, start, result, accumulate);
}

/// Rows that are worked on together, so that weights come from memory once per group.
INLINE long group_rows(long floats_per_row) {
  return floats_per_row >= transposed_group_floats ? 1 : transposed_group_floats / floats_per_row;
}

/// Output voxels beyond the windows of the last row or column: the bias alone.
static void fill_odd_edges(const transposed_shape *s, const float *bias, float *y, long item) {
  const long h = item % s->height, channels = stored_channels(s->out), down = s->window[1], across = s->window[2];
  const long end = h == s->height - 1 ? s->out_height : down * (h + 1);
  for (long i = 0; i < s->window[0]; i++)
    for (long row = down * h; row < end; row++)
      for (long column = row < down * s->height ? across * s->width : 0; column < s->out_width; column++) {
        const long slice = item / s->height * s->window[0] + i;
        float *voxel = y + ((slice * s->out_height + row) * s->out_width + column) * channels;
        for (long o = 0; o < channels; o += 16) store(voxel + o, bias ? load_first(bias + o, s->out - o) : splat(0));
      }
}

/// One tap and block pair for the rows first ..< last.
static void forward_rows(const transposed_shape *s, const float *x, const float *packed, const float *bias, float *y,
                         int tap, long o, long first, long last) {
  const long inner = stored_channels(s->in), channels = stored_channels(s->out);
  const int wide = channels - o >= product_blocks * 16;
  vec16 start[product_blocks];
  for (int k = 0; k < product_blocks; k++)
    start[k] = bias && o + k * 16 < s->out ? load_first(bias + o + k * 16, s->out - o - k * 16) : splat(0);
  for (long item = first; item < last; item++) {
    const voxel_product p = {1,     inner,                   {x + item * s->width * inner},
                             {packed + (tap * channels + o) * inner}, inner, s->window[2] * channels};
    float *out = y + transposed_reached(s, item, tap) * channels + o;
    (wide ? row_product_wide : row_product_narrow)(&p, s->width, start, out, 0);
  }
}

static void transposed_forward(const transposed_shape *s, const float *x, const float *weights, const float *bias,
                               float *y, long first, long last) {
  const long group = group_rows(s->width * stored_channels(s->in)), channels = stored_channels(s->out);
  for (long begin = first; begin < last; begin += group) {
    const long end = begin + group < last ? begin + group : last;
    for (int tap = 0; tap < transposed_taps(s); tap++)
      for (long o = 0; o < channels; o += channels - o >= product_blocks * 16 ? product_blocks * 16 : 16)
        forward_rows(s, x, weights, bias, y, tap, o, begin, end);
    for (long item = begin; item < end; item++) fill_odd_edges(s, bias, y, item);
  }
}

/// One pair of input blocks for the rows first ..< last; all taps are summed in registers.
static void backward_rows(const transposed_shape *s, const float *dy, const float *packed, gradient_target dx, long c,
                          long first, long last) {
  const long inner = stored_channels(s->out), channels = stored_channels(s->in);
  const int wide = channels - c >= product_blocks * 16;
  const vec16 zero[product_blocks] = {0};
  for (long item = first; item < last; item++) {
    voxel_product p = {(int)transposed_taps(s), inner, {0}, {0}, s->window[2] * inner, channels};
    for (int tap = 0; tap < transposed_taps(s); tap++) {
      p.a[tap] = dy + transposed_reached(s, item, tap) * inner;
      p.b[tap] = packed + (tap * channels + c) * inner;
    }
    (wide ? row_product_wide : row_product_narrow)(&p, s->width, zero, dx.at + item * s->width * channels + c,
                                                   dx.accumulate);
  }
}

static void transposed_backward_input(const transposed_shape *s, const float *dy, const float *weights,
                                      gradient_target dx, long first, long last) {
  const long group = group_rows(transposed_taps(s) * s->width * stored_channels(s->out)), channels = stored_channels(s->in);
  for (long begin = first; begin < last; begin += group)
    for (long c = 0; c < channels; c += channels - c >= product_blocks * 16 ? product_blocks * 16 : 16)
      backward_rows(s, dy, weights, dx, c, begin, begin + group < last ? begin + group : last);
}

static long transposed_sums_count(const transposed_shape *s) {
  return transposed_taps(s) * stored_channels(s->in) * stored_channels(s->out);
}

/// Adds the outer products of one chunk of rows to sums [row of weights][stored out]: gradient_rows inputs x blocks.
INLINE void transposed_gradient_tile(const int blocks, const transposed_shape *s, const float *x, const float *dy,
                                     int tap, float *sums, long first, long last) {
  const long in = stored_channels(s->in), out = stored_channels(s->out);
  vec16 sum[gradient_rows][product_blocks] = {0};
  for (long item = first; item < last; item++) {
    const float *a = x + item * s->width * in;
    const float *g = dy + transposed_reached(s, item, tap) * out;
    for (long w = 0; w < s->width; w++, a += in, g += s->window[2] * out)
      for (int c = 0; c < gradient_rows; c++)
        for (int k = 0; k < blocks; k++) sum[c][k] = vec_fma(splat(a[c]), load(g + k * 16), sum[c][k]);
  }
  for (int c = 0; c < gradient_rows; c++)
    for (int k = 0; k < blocks; k++) store(sums + c * out + k * 16, load(sums + c * out + k * 16) + sum[c][k]);
}

/// One chunk of rows for the inputs first_c ..< last_c and all taps and outputs.
static void transposed_gradient_chunk(const transposed_shape *s, const float *x, const float *dy, float *sums,
                                      long first_c, long last_c, long first, long last) {
  const long in = stored_channels(s->in), out = stored_channels(s->out);
  for (int tap = 0; tap < transposed_taps(s); tap++)
    for (long o = 0; o < out;) {
      const int wide = out - o >= product_blocks * 16;
      for (long c = first_c; c < last_c; c += gradient_rows) {
        float *to = sums + (tap * in + c) * out + o;
        if (wide) transposed_gradient_tile(product_blocks, s, x + c, dy + o, tap, to, first, last);
        else transposed_gradient_tile(1, s, x + c, dy + o, tap, to, first, last);
      }
      o += wide ? product_blocks * 16 : 16;
    }
}

static void transposed_backward_weights(const transposed_shape *s, const float *x, const float *dy, float *dweights,
                                        float *sums, long first, long last) {
  const long in = stored_channels(s->in), out = stored_channels(s->out), rows = s->slices * s->height;
  const long chunk = (transposed_chunk_voxels + s->width - 1) / s->width;
  for (int tap = 0; tap < transposed_taps(s); tap++)
    memset(sums + (tap * in + 8 * first) * out, 0, 8 * (last - first) * out * sizeof(float));
  for (long row = 0; row < rows; row += chunk)
    transposed_gradient_chunk(s, x, dy, sums, 8 * first, 8 * last, row, row + chunk < rows ? row + chunk : rows);
  for (long c = 8 * first; c < 8 * last && c < s->in; c++)
    for (long o = 0; o < s->out; o++)
      for (int tap = 0; tap < transposed_taps(s); tap++)
        dweights[(c * s->out + o) * transposed_taps(s) + tap] = sums[(tap * in + c) * out + o];
}

static const transposed_kernels transposed = {
    .packed_count = transposed_packed_count,
    .pack_forward = transposed_pack_forward,
    .pack_backward = transposed_pack_backward,
    .forward = transposed_forward,
    .backward_input = transposed_backward_input,
    .sums_count = transposed_sums_count,
    .backward_weights = transposed_backward_weights,
};
