// Where the columns of a group lie in the source and in the target, and their transforms, along depth too where the
// plan is deep.
#pragma once
#include "transform.h"

/// A column of a group, and its tile: beyond the last tile row, its windows are zero and nothing is stored.
typedef struct {
  int column, row, tile;
} winograd_place;

/// Neighbouring columns of a group.
typedef struct {
  long image;
  int first_row, first_column;  // voxel of the plane where the interleaved image starts
  int count;
  winograd_place at[winograd_run];
} winograd_places;

/// Runs of an image differ by one column at most. Columns beyond the last image lie beyond the last tile row of the first.
INLINE winograd_places winograd_places_of(const winograd_plan *p, long group, int run) {
  const int runs = winograd_image_runs(p), own = run / runs, columns = p->columns / p->images;
  const int parts = p->dilation * p->dilation, first = columns * (run % runs) / runs;
  const long index = group / p->groups * p->images + own, image = index < winograd_images(p) ? index : 0;
  const int part = image % parts;
  winograd_places w = {image / parts, part / p->dilation, part % p->dilation, columns * (run % runs + 1) / runs - first, {{0}}};
  for (int i = 0; i < w.count; i++) {
    const int column = (int)(group % p->groups) * columns + first + i;
    const int row = image == index ? column / p->tiles[1] : p->tiles[0];
    w.at[i] = (winograd_place){own * columns + first + i, row, column % p->tiles[1]};
  }
  return w;
}

/// How many rows, or columns, of `count` an interleaved image has that starts at `first`.
INLINE int winograd_part(const winograd_plan *p, int count, int first) {
  return (count - first + p->dilation - 1) / p->dilation;
}

/// The first plane [height][width][channels] of the columns' image in an activation, from `channel` on, or in the part of it
/// that holds this channel.
INLINE transform_source winograd_plane(const winograd_plan *p, const activation_source *from, const int size[2],
                                       int channels, int channel, const winograd_places *w) {
  const source_part part = source_part_of(from, channels, channel);
  const long row = (long)size[1] * part.channels;
  return (transform_source){part.source.at,
                            (w->image * p->depth * size[0] + w->first_row) * row +
                                (long)w->first_column * part.channels + channel - part.first,
                            winograd_part(p, size[0], w->first_row),
                            winograd_part(p, size[1], w->first_column),
                            row * p->dilation,
                            (long)part.channels * p->dilation,
                            row * size[0],
                            source_kind(&part.source),
                            activation_norm_from(part.source.norm, channel - part.first)};
}

/// The target of a group, one block of its channels.
typedef struct {
  const convolution_finish *finish;
  activation_target target;
  int block, accumulate, stream;  // stream: store past the caches
} winograd_target;

/// Channels of a target block that are stored.
INLINE int winograd_target_lanes(const winograd_plan *p, int block) {
  const int left = p->target_channels - block * block_floats;
  return left < block_floats ? left : block_floats;
}

/// The target tile of a column in the first slice, from the first channel of the block on.
INLINE transform_target winograd_target_tile(const winograd_plan *p, const winograd_places *places, int index,
                                             const winograd_target *t) {
  const int outputs = winograd_schemes[p->scheme]->outputs, channel = t->block * block_floats;
  const int h = places->at[index].row * outputs, w = places->at[index].tile * outputs;
  const target_part part = target_part_of(&t->target, t->accumulate, p->target_channels, channel);
  const long channels = part.channels, width = p->target[1];
  const long row = places->image * p->depth * p->target[0] + places->first_row + (long)h * p->dilation;
  const long voxel = row * width + places->first_column + (long)w * p->dilation;
  return (transform_target){part.at,
                            voxel * channels + channel - part.first,
                            width * channels * p->dilation,
                            channels * p->dilation,
                            p->target[0] * width * channels,
                            winograd_part(p, p->target[0], places->first_row) - h,
                            winograd_part(p, width, places->first_column) - w,
                            part.accumulate,
                            t->stream,
                            t->finish,
                            channel};
}

// ---- Transforms

enum { winograd_plane_products = winograd_products * winograd_products };

/// Planes of 16 channels of a run of columns on their way through a transform along depth; slice d is in place d modulo
/// the transform's window.
typedef struct {
  float plane[winograd_depth_window][winograd_run][winograd_plane_products * 16] __attribute__((aligned(64)));
} winograd_ring;

/// `matrix` (rows x columns, or its transpose) over the slices first, first + 1, ... of one column of a ring, into
/// `rows` planes of `count` results, `step` floats apart; `lane`: as lanes of V.
INLINE void winograd_along_depth(const float *matrix, const int transposed, const int rows, const int columns,
                                 const int window, const winograd_ring *ring, int column, int first, int count,
                                 const int lane, float *to, long step) {
  const float *slice[winograd_depth_window];
  UNROLLED for (int c = 0; c < columns; c++) slice[c] = ring->plane[(first + c) % window][column];
  for (int i = 0; i < count; i++) UNROLLED for (int part = 0; part < 16; part += VECTOR_FLOATS) {
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
                                 transform_source s, const winograd_places *w, float *to) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int window = depth->window, products = depth->products;
  winograd_ring ring;
  memset(ring.plane[window - 1], 0, sizeof ring.plane[0]);  // the slice before the first
  for (int tile = 0, d = 0; tile < p->depth_tiles; tile++) {
    for (; d < depth->outputs * tile + window - 1; d++, s.first += s.slice_step)
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
  const int border = p->depth_taps / 2, columns = p->columns;
  const long rows = p->voxels + 2L * border * columns;
  float *to = v + (block / lane_channels * rows + w->at[0].column) * 16 + block % lane_channels * 16 / lane_channels;
  transform_source s = winograd_plane(p, &source, p->source, p->source_channels, block * 16, w);
  const winograd_windows *t = &windows[p->scheme][s.kind];
  if (p->planes > 1) return WITH_DEPTH(p, winograd_source_deep, p, t->floats, s, w, to);
  for (int d = 0; d < p->depth; d++, s.first += s.slice_step)
    for (int i = 0; i < w->count; i++)
      t->lanes(&s, w->at[i].row * k->step - k->offset, w->at[i].tile * k->step - k->offset,
               to + ((long)(d + border) * columns + i) * 16, p->v_step);
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

/// One vector of channels of one column at depth tile `d`, back from M; `to` is its tile in the depth tile's first slice.
INLINE void winograd_target_part(const winograd_plan *p, back_function *back, const float *sums, int d,
                                 transform_target to) {
  if (p->planes == 1) return back(sums, p->m_step, &to);
  const int outputs = winograd_depth_of(p)->outputs;
  float slice[winograd_depth_outputs][winograd_plane_products * VECTOR_FLOATS] __attribute__((aligned(64)));
  WITH_DEPTH(p, winograd_flatten, sums, p->m_step, p->sums / p->planes, slice);
  for (int o = 0; o < outputs && outputs * d + o < p->depth; o++, to.first += to.slice_step)
    back(slice[o], VECTOR_FLOATS, &to);
}

/// One block of channels of a run of columns, every depth, back from M.
static void winograd_target_run(const winograd_plan *p, const float *m, const winograd_places *w,
                                const winograd_target *t) {
  back_function *back = transforms[p->scheme][t->target.is_bfloat16].target;
  const int lanes = winograd_target_lanes(p, t->block), outputs = p->planes == 1 ? 1 : winograd_depth_of(p)->outputs;
  transform_target tiles[winograd_run];
  for (int i = 0; i < w->count; i++) tiles[i] = winograd_target_tile(p, w, i, t);
  for (int d = 0; d < p->depth_tiles; d++)
    for (int i = 0; i < w->count; i++)
      for (int part = 0; part < lanes; part += VECTOR_FLOATS) {
        const float *sums = m + (d * (long)p->columns + w->at[i].column) * block_floats + part;
        transform_target to = tiles[i];
        to.first += d * outputs * to.slice_step + part;
        to.channel += part;
        winograd_target_part(p, back, sums, d, to);
      }
}
