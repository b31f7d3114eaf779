// The transforms of columns, along depth too where the plan is deep: two slices of the target at a time.
#pragma once
#include "place.h"

enum { winograd_plane_products = winograd_products * winograd_products };

/// Planes of 16 channels on their way through a transform along depth.
typedef struct {
  float plane[4][winograd_plane_products * 16] __attribute__((aligned(64)));
} winograd_ring;

/// `matrix` (rows x columns, or its transpose) over the planes first, first + 1, ... of a ring, into `rows` planes of
/// `count` results, `step` floats apart.
INLINE void winograd_along_depth(const float *matrix, const int transposed, const int rows, const int columns,
                                 const winograd_ring *ring, int first, int count, float *to, long step) {
  for (int i = 0; i < count; i++)
    UNROLLED for (int part = 0; part < 16; part += VECTOR_FLOATS) {
      vec in[4], out[4];
      UNROLLED for (int c = 0; c < columns; c++) in[c] = vec_load(ring->plane[(first + c) & 3] + i * 16 + part);
      transform_axis(matrix, transposed, rows, columns, in, 1, out, 1);
      UNROLLED for (int r = 0; r < rows; r++) vec_store(to + (r * count + i) * step + part, out[r]);
    }
}

/// V of 16 channels of a column, every depth; depth taps of a flat plan find zeros above and below.
static void winograd_source_column(const winograd_plan *p, const float *source, const winograd_place *at, int block,
                                   float *v) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int h = at->row * k->step - k->offset, w = at->tile * k->step - k->offset, border = p->depth_taps / 2;
  const long plane = (long)p->source[0] * p->source[1] * p->source_channels;
  float *to = v + (block * (p->voxels + 2L * border * p->columns) + at->column) * 16;
  transform_source s = winograd_plane(p, source, p->source, p->source_channels, block * 16, at);
  if (p->planes == 1) {
    for (int d = 0; d < p->depth; d++, s.plane += plane)
      transforms[p->scheme].source(&s, h, w, to + (long)(d + border) * p->columns * 16, p->v_step);
    return;
  }
  winograd_ring ring;
  memset(ring.plane[3], 0, sizeof ring.plane[3]);       // the slice before the first
  for (int tile = 0, d = 0; tile < p->depth_tiles; tile++) {
    for (; d < 2 * tile + 3; d++, s.plane += plane) {
      if (d < p->depth) transforms[p->scheme].source(&s, h, w, ring.plane[d & 3], 16);
      else memset(ring.plane[d & 3], 0, sizeof ring.plane[0]);
    }
    winograd_along_depth(winograd_depth.input, 0, 4, 4, &ring, 2 * tile + 3, k->products * k->products,
                         to + (long)tile * p->columns * 16, p->v_step);
  }
}

/// M of 16 channels of dy, for weight gradients.
static void winograd_dy_column(const winograd_plan *p, const float *dy, const winograd_place *at, int block, float *m) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int h = at->row * k->outputs, w = at->tile * k->outputs, channel = block * 16;
  const long plane = (long)p->target[0] * p->target[1] * p->target_channels;
  float *to = m + channel / block_floats * p->sums * p->m_step + at->column * block_floats + channel % block_floats;
  transform_source s = winograd_plane(p, dy, p->target, p->target_channels, channel, at);
  winograd_ring ring;
  for (int d = 0; d < p->depth_tiles * (p->planes > 1 ? 2 : 1); d++, s.plane += plane) {
    float *tile = to + (p->planes > 1 ? d / 2 : d) * (long)p->columns * block_floats;
    if (p->planes == 1) transforms[p->scheme].dy(&s, h, w, tile, p->m_step);
    else if (d < p->depth) transforms[p->scheme].dy(&s, h, w, ring.plane[d & 1], 16);
    else memset(ring.plane[d & 1], 0, sizeof ring.plane[0]);
    if (p->planes > 1 && d % 2 == 1)
      winograd_along_depth(winograd_depth.output, 1, 4, 2, &ring, 0, k->sums * k->sums, tile, p->m_step);
  }
}

/// The sums of a pair of slices, `step` floats apart, without their depth transform.
INLINE void winograd_flatten(const float *sums, long step, int count, float half[2][winograd_plane_products * VECTOR_FLOATS]) {
  for (int i = 0; i < count; i++) {
    vec in[4], out[2];
    UNROLLED for (int q = 0; q < 4; q++) in[q] = vec_load(sums + (q * count + i) * step);
    transform_axis(winograd_depth.output, 0, 2, 4, in, 1, out, 1);
    UNROLLED for (int o = 0; o < 2; o++) vec_store(half[o] + i * VECTOR_FLOATS, out[o]);
  }
}

/// One block of channels of a column, every depth, back from M.
static void winograd_target_column(const winograd_plan *p, const float *m, const winograd_place *at,
                                   const winograd_target *t) {
  const int lanes = winograd_target_lanes(p, t->block);
  float half[2][winograd_plane_products * VECTOR_FLOATS] __attribute__((aligned(64)));
  for (int d = 0; d < p->depth_tiles; d++)
    for (int part = 0; part < lanes; part += VECTOR_FLOATS) {
      const float *sums = m + (d * (long)p->columns + at->column) * block_floats + part;
      if (p->planes == 1) {
        const transform_target to = winograd_target_tile(p, at, t, d, part);
        transforms[p->scheme].target(sums, p->m_step, &to);
        continue;
      }
      winograd_flatten(sums, p->m_step, p->sums / p->planes, half);
      for (int o = 0; o < 2 && 2 * d + o < p->depth; o++) {
        const transform_target to = winograd_target_tile(p, at, t, 2 * d + o, part);
        transforms[p->scheme].target(half[o], VECTOR_FLOATS, &to);
      }
    }
}
