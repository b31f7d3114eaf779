// Winograd weight gradients: dU = V^T M group by group, where M is dy transformed by the output matrix's transpose.
#pragma once
#include "../../gemm/microkernel.h"
#include "gather.h"

/// M of 16 channels of dy, transformed along depth; `to` is the run's place in it.
INLINE void winograd_dy_deep(const winograd_scheme *depth, const winograd_plan *p, window_function *function,
                             transform_source s, const winograd_places *w, float *to) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int outputs = depth->outputs;
  winograd_ring ring;
  for (int tile = 0, d = 0; tile < p->depth_tiles; tile++) {
    for (; d < outputs * (tile + 1); d++, s.first += s.slice_step)
      winograd_ring_slice(p, function, &s, w, k->outputs, 0, d, depth->window, &ring);
    for (int i = 0; i < w->count; i++)
      winograd_along_depth(depth->output, 1, depth->products, outputs, depth->window, &ring, i, outputs * tile,
                           k->sums * k->sums, 0, to + ((long)tile * p->columns + i) * block_floats, p->m_step);
  }
}

/// M of 16 channels of dy, for weight gradients.
static void winograd_dy_run(const winograd_plan *p, activation_source dy, const winograd_places *w, int block,
                            float *m) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  window_function *function = transforms[p->scheme][dy.is_bfloat16].dy;
  const int channel = block * 16;
  float *to =
      m + channel / block_floats * p->sums * p->m_step + w->at[0].column * block_floats + channel % block_floats;
  transform_source s = winograd_plane(p, &dy, p->target, p->target_channels, channel, w);
  if (p->planes > 1) return WITH_DEPTH(p, winograd_dy_deep, p, function, s, w, to);
  for (int d = 0; d < p->depth; d++, s.first += s.slice_step)
    for (int i = 0; i < w->count; i++)
      function(&s, w->at[i].row * k->outputs, w->at[i].tile * k->outputs,
               to + (d * (long)p->columns + i) * block_floats, p->m_step);
}

/// V and M of a group, items (run of columns, channel block of x or of dy) first ..< last.
static void winograd_transform(const winograd_plan *p, activation_source x, activation_source dy, long group, float *v,
                               float *m, long first, long last) {
  const int blocks = winograd_transform_blocks(p), sources = p->source_channels / 16;
  for (long item = first; item < last; item++) {
    const winograd_places places = winograd_places_of(p, group, item / blocks);
    const int block = item % blocks;
    if (block < sources) winograd_source_run(p, x, &places, block, v);
    else winograd_dy_run(p, dy, &places, block - sources, m);
  }
}

/// Floats of dU from which on it comes from memory, and is taken in the order in which it lies there, block by block, while V
/// stays in a cache. Otherwise it is taken product by product, so that a product's V is read once for all blocks.
enum { far_sums = 3 << 20 };

INLINE int winograd_goes_by_block(const winograd_plan *p) {
  return winograd_weight_floats(p) >= far_sums && !winograd_has_many_sums(p);
}

/// dU of the items (product, output block, depth tap) first ..< last; the first group starts them from zero. Meanwhile the
/// items' share of what `next` reads is fetched.
static void winograd_multiply(const winograd_plan *p, const float *v, const float *m, int is_first, float *du,
                              long first, long last, const winograd_next *next) {
  const int channels = p->source_channels, blocks = (p->target_channels + block_floats - 1) / block_floats;
  const long block_rows = p->voxels + (long)p->columns * (p->depth_taps - 1), items = winograd_multiply_items(p);
  const int by_block = winograd_goes_by_block(p);
  winograd_fetching x, dy;
  if (next) {
    x = winograd_begin_fetch(p, winograd_source_operand(p, next->x), next->group, first, items);
    dy = winograd_begin_fetch(p, winograd_dy_operand(p, next->dy), next->group, first, items);
  }
  for (long item = first; item < last; item++) {
    if (next) {
      winograd_fetch(p, &x, items);
      winograd_fetch(p, &dy, items);
    }
    const int depth = item % p->depth_taps;
    const int product = by_block ? item / p->depth_taps % p->products : item / p->depth_taps / blocks;
    const int block = by_block ? item / p->depth_taps / p->products : item / p->depth_taps % blocks;
    const int sum = winograd_sum_of(p, product);
    float *to = du + (((long)block * p->products + product) * p->depth_taps + depth) * channels * block_floats;
    if (is_first) memset(to, 0, channels * sizeof(float) * block_floats);
    outer_rows rows = {.count = 1, .dy = {m + ((long)block * p->sums + sum) * p->m_step}};
    for (int c = 0; c < channels; c += outer_channels) {
      rows.x[0] = v + product * p->v_step + (c / 16 * block_rows + depth * (long)p->columns) * 16 + c % 16;
      outer_tile(&rows, 0, 0, p->voxels, to + (long)c * block_floats);
    }
  }
}

// ---- dU back to the kernel's taps

/// taps[a][b] = sum of weight[i][a] * weight[j][b] * du[i][j]: the transpose of `weights_transform`.
static void weights_back(const winograd_scheme *k, const float *du, long step, float *taps) {
  for (int part = 0; part < block_floats; part += VECTOR_FLOATS)
    for (int a = 0; a < 3; a++) {
      vec half[winograd_products];
      for (int j = 0; j < k->products; j++) {
        half[j] = (vec)(0.0f);
        for (int i = 0; i < k->products; i++)
          half[j] = vec_fma((vec)(k->weight[i * 3 + a]), vec_load(du + (i * k->products + j) * step + part), half[j]);
      }
      for (int b = 0; b < 3; b++) {
        vec sum = (vec)(0.0f);
        for (int j = 0; j < k->products; j++) sum = vec_fma((vec)(k->weight[j * 3 + b]), half[j], sum);
        vec_store(taps + (a * 3 + b) * block_floats + part, sum);
      }
    }
}

/// planes[d][i] = sum of depth.weight[q][d] * du[q][i]: the transpose of `weights_deepen`.
INLINE void weights_flatten(const winograd_scheme *depth, weights_planes *w, const float *du, long step) {
  for (int i = 0; i < w->count; i++)
    for (int part = 0; part < block_floats; part += VECTOR_FLOATS) {
      vec in[winograd_depth_window], out[3];
      UNROLLED for (int q = 0; q < depth->products; q++) in[q] = vec_load(du + (q * w->count + i) * step + part);
      transform_axis(depth->weight, 1, 3, depth->products, in, 1, out, 1);
      UNROLLED for (int d = 0; d < 3; d++) vec_store(w->planes[d] + i * block_floats + part, out[d]);
    }
}

/// A gradient in PyTorch's layout, to be formed.
typedef struct {
  const winograd_plan *plan;
  int channels, out_channels;
  float *dweights;
} gradient_call;

/// dW of one source channel and one block of output channels from its row of dU; `rows` of them lie between depth taps.
static void winograd_finish_row(const gradient_call *c, long block, long source, const float *du, long rows,
                                weights_planes *w) {
  const winograd_plan *p = c->plan;
  const long plane = rows * block_floats, step = p->depth_taps * plane;
  const int lanes = source < c->channels ? weights_lanes(c->out_channels, block * block_floats) : 0;
  if (lanes == 0) return;
  const weights_place place = weights_locate(p, c->channels, block * block_floats, source);
  if (p->planes > 1) WITH_DEPTH(p, weights_flatten, w, du, step);
  for (int depth = 0; depth < p->kernel_depth; depth++) {
    if (p->planes > 1) weights_back(winograd_schemes[p->scheme], w->planes[depth], block_floats, w->taps);
    else weights_back(winograd_schemes[p->scheme], du + depth * plane, step, w->taps);
    for (int lane = 0; lane < lanes; lane++)
      for (int tap = 0; tap < 9; tap++)
        c->dweights[place.offset + lane * place.step + depth * 9 + tap] = w->taps[tap * block_floats + lane];
  }
}

/// dW from dU, which lies like U.
static void winograd_finish(const winograd_plan *p, const float *du, int channels, int out_channels, float *dweights,
                            long first, long last) {
  const gradient_call call = {p, channels, out_channels, dweights};
  weights_planes w = {.count = p->products / p->planes};
  for (long item = first; item < last; item++) {
    const long source = item % p->source_channels, block = item / p->source_channels;
    const long rows = (block * p->products * p->depth_taps) * p->source_channels + source;
    winograd_finish_row(&call, block, source, du + rows * block_floats, p->source_channels, &w);
  }
}
