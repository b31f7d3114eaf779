// The transforms of columns, along depth too where the plan is deep.
#pragma once
#include "place.h"

enum { winograd_plane_products = winograd_products * winograd_products };

/// Planes of 16 channels of a run of columns on their way through a transform along depth; slice d is in place d modulo
/// the transform's window.
typedef struct {
  float plane[winograd_depth_window][winograd_run][winograd_plane_products * 16] __attribute__((aligned(64)));
} winograd_ring;

/// `matrix` (rows x columns, or its transpose) over the slices first, first + 1, ... of one column of a ring, into `rows`
/// planes of `count` results, `step` floats apart; `lane`: as lanes of V.
INLINE void winograd_along_depth(const float *matrix, const int transposed, const int rows, const int columns,
                                 const int window, const winograd_ring *ring, int column, int first, int count,
                                 const int lane, float *to, long step) {
  const float *slice[winograd_depth_window];
  UNROLLED for (int c = 0; c < columns; c++) slice[c] = ring->plane[(first + c) % window][column];
  for (int i = 0; i < count; i++)
    UNROLLED for (int part = 0; part < 16; part += VECTOR_FLOATS) {
      vec in[winograd_depth_window], out[winograd_depth_window];
      UNROLLED for (int c = 0; c < columns; c++) in[c] = vec_load(slice[c] + i * 16 + part);
      transform_axis(matrix, transposed, rows, columns, in, 1, out, 1);
      UNROLLED for (int r = 0; r < rows; r++) transform_store(to + (r * count + i) * step + part, out[r], lane);
    }
}

/// One slice of a run of columns into a ring; a slice beyond the last is zero.
INLINE void winograd_ring_slice(const winograd_plan *p, window_function *function, const transform_source *s,
                                const winograd_places *w, int step, int offset, int d, const int window,
                                winograd_ring *ring) {
  for (int i = 0; i < w->count; i++) {
    float *to = ring->plane[d % window][i];
    if (d < p->depth) function(s, w->at[i].row * step - offset, w->at[i].tile * step - offset, to, 16);
    else memset(to, 0, sizeof ring->plane[0][0]);
  }
}

/// V of 16 channels of a run of columns, transformed along depth; `to` is the run's place in it.
INLINE void winograd_source_deep(const winograd_scheme *depth, const winograd_plan *p, window_function *function,
                                 transform_source s, long plane, const winograd_places *w, float *to) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int window = depth->window, products = depth->products;
  winograd_ring ring;
  memset(ring.plane[window - 1], 0, sizeof ring.plane[0]);      // the slice before the first
  for (int tile = 0, d = 0; tile < p->depth_tiles; tile++) {
    for (; d < depth->outputs * tile + window - 1; d++, s.first += plane)
      winograd_ring_slice(p, function, &s, w, k->step, k->offset, d, window, &ring);
    for (int i = 0; i < w->count; i++)
      winograd_along_depth(depth->input, 0, products, window, window, &ring, i, depth->outputs * tile + window - 1,
                           k->products * k->products, 1, to + ((long)tile * p->columns + i) * 16, p->v_step);
  }
}

/// V of 16 channels of a run of columns, every depth; depth taps of a flat plan find zeros above and below.
static void winograd_source_run(const winograd_plan *p, activation_source source, const winograd_places *w, int block,
                                float *v) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const winograd_transforms *t = &transforms[p->scheme][source.is_half];
  const int border = p->depth_taps / 2, columns = p->columns;
  const long plane = (long)p->source[0] * p->source[1] * p->source_channels;
  const long rows = p->voxels + 2L * border * columns;
  float *to = v + (block / lane_channels * rows + w->at[0].column) * 16 + block % lane_channels * 16 / lane_channels;
  transform_source s = winograd_plane(p, source.at, p->source, p->source_channels, block * 16, w);
  if (p->planes > 1) return WITH_DEPTH(p, winograd_source_deep, p, t->source, s, plane, w, to);
  for (int d = 0; d < p->depth; d++, s.first += plane)
    for (int i = 0; i < w->count; i++)
      t->lanes(&s, w->at[i].row * k->step - k->offset, w->at[i].tile * k->step - k->offset,
               to + ((long)(d + border) * columns + i) * 16, p->v_step);
}

/// M of 16 channels of dy, transformed along depth; `to` is the run's place in it.
INLINE void winograd_dy_deep(const winograd_scheme *depth, const winograd_plan *p, window_function *function,
                             transform_source s, long plane, const winograd_places *w, float *to) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int outputs = depth->outputs;
  winograd_ring ring;
  for (int tile = 0, d = 0; tile < p->depth_tiles; tile++) {
    for (; d < outputs * (tile + 1); d++, s.first += plane)
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
  window_function *function = transforms[p->scheme][dy.is_half].dy;
  const int channel = block * 16;
  const long plane = (long)p->target[0] * p->target[1] * p->target_channels;
  float *to =
      m + channel / block_floats * p->sums * p->m_step + w->at[0].column * block_floats + channel % block_floats;
  transform_source s = winograd_plane(p, dy.at, p->target, p->target_channels, channel, w);
  if (p->planes > 1) return WITH_DEPTH(p, winograd_dy_deep, p, function, s, plane, w, to);
  for (int d = 0; d < p->depth; d++, s.first += plane)
    for (int i = 0; i < w->count; i++)
      function(&s, w->at[i].row * k->outputs, w->at[i].tile * k->outputs,
               to + (d * (long)p->columns + i) * block_floats, p->m_step);
}

/// The sums of one tile along depth, `step` floats apart, without their depth transform.
INLINE void winograd_flatten(const winograd_scheme *depth, const float *sums, long step, int count,
                             float (*slice)[winograd_plane_products * VECTOR_FLOATS]) {
  for (int i = 0; i < count; i++) {
    vec in[winograd_depth_window], out[winograd_depth_outputs];
    UNROLLED for (int q = 0; q < depth->sums; q++) in[q] = vec_load(sums + (q * count + i) * step);
    transform_axis(depth->output, 0, depth->outputs, depth->sums, in, 1, out, 1);
    UNROLLED for (int o = 0; o < depth->outputs; o++) vec_store(slice[o] + i * VECTOR_FLOATS, out[o]);
  }
}

/// One vector of channels of one column at depth tile `d`, back from M.
INLINE void winograd_target_part(const winograd_plan *p, const float *m, const winograd_places *w, int index,
                                 const winograd_target *t, int d, int part) {
  const float *sums = m + (d * (long)p->columns + w->at[index].column) * block_floats + part;
  back_function *back = transforms[p->scheme][t->target.is_half].target;
  if (p->planes == 1) {
    const transform_target to = winograd_target_tile(p, w, index, t, d, part);
    back(sums, p->m_step, &to);
    return;
  }
  const int outputs = winograd_depth_of(p)->outputs;
  float slice[winograd_depth_outputs][winograd_plane_products * VECTOR_FLOATS] __attribute__((aligned(64)));
  WITH_DEPTH(p, winograd_flatten, sums, p->m_step, p->sums / p->planes, slice);
  for (int o = 0; o < outputs && outputs * d + o < p->depth; o++) {
    const transform_target to = winograd_target_tile(p, w, index, t, outputs * d + o, part);
    back(slice[o], VECTOR_FLOATS, &to);
  }
}

/// One block of channels of a run of columns, every depth, back from M.
static void winograd_target_run(const winograd_plan *p, const float *m, const winograd_places *w,
                                const winograd_target *t) {
  const int lanes = winograd_target_lanes(p, t->block);
  for (int d = 0; d < p->depth_tiles; d++)
    for (int i = 0; i < w->count; i++)
      for (int part = 0; part < lanes; part += VECTOR_FLOATS) winograd_target_part(p, m, w, i, t, d, part);
}
