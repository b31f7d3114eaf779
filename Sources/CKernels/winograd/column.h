// The transforms of columns, along depth too where the plan is deep: two slices of the target at a time.
#pragma once
#include "place.h"

enum { winograd_plane_products = winograd_products * winograd_products };

/// Planes of 16 channels of a run of columns on their way through a transform along depth.
typedef struct {
  float plane[4][winograd_run][winograd_plane_products * 16] __attribute__((aligned(64)));
} winograd_ring;

/// `matrix` (rows x columns, or its transpose) over the planes first, first + 1, ... of one column of a ring, into `rows`
/// planes of `count` results, `step` floats apart; `lane`: as lanes of V.
INLINE void winograd_along_depth(const float *matrix, const int transposed, const int rows, const int columns,
                                 const winograd_ring *ring, int column, int first, int count, const int lane,
                                 float *to, long step) {
  for (int i = 0; i < count; i++)
    UNROLLED for (int part = 0; part < 16; part += VECTOR_FLOATS) {
      vec in[4], out[4];
      UNROLLED for (int c = 0; c < columns; c++) in[c] = vec_load(ring->plane[(first + c) & 3][column] + i * 16 + part);
      transform_axis(matrix, transposed, rows, columns, in, 1, out, 1);
      UNROLLED for (int r = 0; r < rows; r++) transform_store(to + (r * count + i) * step + part, out[r], lane);
    }
}

/// One slice of a run of columns into a ring; a slice beyond the last is zero.
INLINE void winograd_ring_slice(const winograd_plan *p, window_function *window, const transform_source *s,
                                const winograd_places *w, int step, int offset, int d, winograd_ring *ring) {
  for (int i = 0; i < w->count; i++)
    if (d < p->depth) window(s, w->at[i].row * step - offset, w->at[i].tile * step - offset, ring->plane[d & 3][i], 16);
    else memset(ring->plane[d & 3][i], 0, sizeof ring->plane[0][0]);
}

/// V of 16 channels of a run of columns, every depth; depth taps of a flat plan find zeros above and below.
static void winograd_source_run(const winograd_plan *p, activation_source source, const winograd_places *w, int block,
                                float *v) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const winograd_transforms *transform = &transforms[p->scheme][source.is_half];
  const int border = p->depth_taps / 2, columns = p->columns;
  const long plane = (long)p->source[0] * p->source[1] * p->source_channels;
  const long rows = p->voxels + 2L * border * columns;
  float *to = v + (block / lane_channels * rows + w->at[0].column) * 16 + block % lane_channels * 16 / lane_channels;
  transform_source s = winograd_plane(p, source.at, p->source, p->source_channels, block * 16, w);
  if (p->planes == 1) {
    for (int d = 0; d < p->depth; d++, s.first += plane)
      for (int i = 0; i < w->count; i++)
        transform->lanes(&s, w->at[i].row * k->step - k->offset, w->at[i].tile * k->step - k->offset,
                         to + ((long)(d + border) * columns + i) * 16, p->v_step);
    return;
  }
  winograd_ring ring;
  memset(ring.plane[3], 0, sizeof ring.plane[3]);       // the slice before the first
  for (int tile = 0, d = 0; tile < p->depth_tiles; tile++) {
    for (; d < 2 * tile + 3; d++, s.first += plane)
      winograd_ring_slice(p, transform->source, &s, w, k->step, k->offset, d, &ring);
    for (int i = 0; i < w->count; i++)
      winograd_along_depth(winograd_depth.input, 0, 4, 4, &ring, i, 2 * tile + 3, k->products * k->products, 1,
                           to + ((long)tile * columns + i) * 16, p->v_step);
  }
}

/// M of 16 channels of dy, for weight gradients.
static void winograd_dy_run(const winograd_plan *p, activation_source dy, const winograd_places *w, int block,
                            float *m) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  window_function *window = transforms[p->scheme][dy.is_half].dy;
  const int channel = block * 16, deep = p->planes > 1;
  const long plane = (long)p->target[0] * p->target[1] * p->target_channels;
  float *to =
      m + channel / block_floats * p->sums * p->m_step + w->at[0].column * block_floats + channel % block_floats;
  transform_source s = winograd_plane(p, dy.at, p->target, p->target_channels, channel, w);
  winograd_ring ring;
  for (int d = 0; d < p->depth_tiles * (deep ? 2 : 1); d++, s.first += plane) {
    if (deep) winograd_ring_slice(p, window, &s, w, k->outputs, 0, d, &ring);
    for (int i = 0; i < w->count; i++) {
      float *tile = to + ((deep ? d / 2 : d) * (long)p->columns + i) * block_floats;
      if (!deep) window(&s, w->at[i].row * k->outputs, w->at[i].tile * k->outputs, tile, p->m_step);
      else if (d % 2 == 1)
        winograd_along_depth(winograd_depth.output, 1, 4, 2, &ring, i, d - 1, k->sums * k->sums, 0, tile, p->m_step);
    }
  }
}

/// The sums of a pair of slices, `step` floats apart, without their depth transform.
INLINE void winograd_flatten(const float *sums, long step, int count,
                             float half[2][winograd_plane_products * VECTOR_FLOATS]) {
  for (int i = 0; i < count; i++) {
    vec in[4], out[2];
    UNROLLED for (int q = 0; q < 4; q++) in[q] = vec_load(sums + (q * count + i) * step);
    transform_axis(winograd_depth.output, 0, 2, 4, in, 1, out, 1);
    UNROLLED for (int o = 0; o < 2; o++) vec_store(half[o] + i * VECTOR_FLOATS, out[o]);
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
  float half[2][winograd_plane_products * VECTOR_FLOATS] __attribute__((aligned(64)));
  winograd_flatten(sums, p->m_step, p->sums / p->planes, half);
  for (int o = 0; o < 2 && 2 * d + o < p->depth; o++) {
    const transform_target to = winograd_target_tile(p, w, index, t, 2 * d + o, part);
    back(half[o], VECTOR_FLOATS, &to);
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
