// Winograd weight gradients of fewer windows than weights: a piece of dU is summed over all groups and taken back to the
// kernel's taps while it is in a core's cache, where whole dU would go to memory and come back.
#pragma once
#include "gradient.h"

/// `outer_tile` of all of `voxels`, while x of another tile is fetched, `next` floats further on.
static __attribute__((noinline)) void outer_tile_leading(const outer_rows *rows, int voxels, float *sums, long next) {
  outer_sum(fetch_next, rows, 0, 0, voxels, sums, NULL, next);
}

/// The lines of dW that a piece goes to. They lie apart, and each would be waited for when it is written.
INLINE memory_ahead winograd_piece_lines(const gradient_call *c, long block, long source) {
  const weights_place place = weights_locate(c->plan, c->channels, block * block_floats, source * 16);
  return (memory_ahead){.row = c->dweights + place.offset,
                        .step = place.step,
                        .rows = weights_lanes(c->out_channels, block * block_floats),
                        .lines = c->plan->kernel_depth * 9};
}

/// dU of 16 source channels and one block of output channels: [product][depth tap][16][block]. V of 16 channels of one
/// product lies far from that of the next, which is asked for meanwhile, and so is what `ahead` names.
static void winograd_sum_piece(const winograd_plan *p, const float *v, const float *m, int is_first, long block,
                               long source, float *du, memory_ahead *ahead) {
  const long rows_of_block = p->voxels + (long)p->columns * (p->depth_taps - 1);
  const long lines = (ahead->rows * ahead->lines + p->products - 1) / p->products;
  if (is_first) memset(du, 0, p->products * p->depth_taps * 16 * block_floats * sizeof(float));
  for (int product = 0; product < p->products; product++) {
    prefetch_lines(ahead, lines);
    outer_rows rows = {.count = 1, .dy = {m + (block * p->sums + winograd_sum_of(p, product)) * p->m_step}};
    for (int depth = 0; depth < p->depth_taps; depth++, du += 16 * block_floats)
      for (int c = 0; c < 16; c += outer_channels) {
        rows.x[0] = v + product * p->v_step + (source * rows_of_block + depth * (long)p->columns) * 16 + c;
        if (c == 0) outer_tile_leading(&rows, p->voxels, du, p->v_step);
        else outer_tile(&rows, 0, 0, p->voxels, du + c * block_floats);
      }
  }
}

/// dW of the items (block of output channels, 16 source channels) first ..< last, from V and M of all groups.
static void winograd_pieces(const winograd_plan *p, const float *transformed, int channels, int out_channels,
                            float *dweights, long first, long last, float *du) {
  const gradient_call call = {p, channels, out_channels, dweights};
  const long sources = p->source_channels / 16, v_floats = winograd_gradient_v(p);
  weights_planes w = {.count = p->products / p->planes};
  for (long item = first; item < last; item++) {
    const long block = item / sources, source = item % sources;
    const float *v = transformed;
    memory_ahead ahead = winograd_piece_lines(&call, block, source);
    for (long group = 0; group < winograd_group_count(p); group++, v += v_floats + winograd_gradient_m(p))
      winograd_sum_piece(p, v, v + v_floats, group == 0, block, source, du, &ahead);
    for (int i = 0; i < 16; i++) winograd_finish_row(&call, block, source * 16 + i, du + i * block_floats, 16, &w);
  }
}

static const winograd_kernels winograd = {
    .block = block_floats,
    .weights = winograd_weights,
    .gather = winograd_gather,
    .clear = winograd_clear,
    .transform = winograd_transform,
    .multiply = winograd_multiply,
    .finish = winograd_finish,
    .pieces = winograd_pieces,
};
