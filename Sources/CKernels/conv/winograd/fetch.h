// Brings what the next group reads nearer while this one is multiplied: its windows lie in many short pieces, and waiting for
// memory piece by piece would take longer than transforming them.
#pragma once
#include "column.h"

/// Floats of a target that are fetched: 128 KB.
enum { fetched_floats = 1 << 15 };

/// An operand whose windows are transformed: `count` of its channels, from `first` on.
typedef struct {
  activation_source from;
  const int *size;  // H, W
  int channels, first, count;
  int window, step, offset;
} winograd_operand;

INLINE winograd_operand winograd_source_operand(const winograd_plan *p, activation_source from) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  return (winograd_operand){from, p->source, p->source_channels, 0, p->source_channels, k->window, k->step, k->offset};
}

INLINE winograd_operand winograd_dy_operand(const winograd_plan *p, activation_source dy) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  return (winograd_operand){dy, p->target, p->target_channels, 0, p->target_channels, k->outputs, k->outputs, 0};
}

/// What the sums of a target block are added to.
INLINE winograd_operand winograd_target_operand(const winograd_plan *p, activation_target target, int block) {
  winograd_operand o = winograd_dy_operand(p, (activation_source){target.at, target.is_bfloat16});
  o.first = block * block_floats;
  o.count = winograd_target_lanes(p, block);
  return o;
}

/// Whether a group's target, one block of its channels, stays in a core's own cache beside the operands of the products.
INLINE int winograd_target_is_small(const winograd_plan *p) {
  const int outputs = winograd_schemes[p->scheme]->outputs;
  return (long)p->columns * p->depth * outputs * outputs * block_floats <= fetched_floats;
}

/// The row of the windows of a run that `plane` has `row` voxels after their first; columns share what overlaps.
INLINE void winograd_fetch_row(const winograd_operand *o, const winograd_places *w, const transform_source *plane,
                               int row) {
  const long line = o->from.is_bfloat16 ? 32 : 16;
  for (int i = 0; i < w->count; i++) {
    const int h = w->at[i].row * o->step - o->offset + row, tile = w->at[i].tile;
    const int shared = i > 0 && tile > 0 ? o->window - o->step : 0, last = tile * o->step - o->offset + o->window;
    if (h < 0 || h >= plane->height) continue;
    for (int v = last - o->window + shared; v < last; v++) {
      const long at = plane->first + h * plane->row_step + v * plane->column_step;
      if (v < 0 || v >= plane->width) continue;
      for (long c = 0; c < o->count; c += line)
        __builtin_prefetch(number_at(plane->at, at + c, o->from.is_bfloat16), 0, 2);
    }
  }
}

/// The share `index` of `count` of what a group reads of an operand.
static void winograd_fetch(const winograd_plan *p, const winograd_operand *o, long group, long index, long count) {
  const long pieces = (long)winograd_runs(p) * p->depth * o->window;
  for (long piece = pieces * index / count; piece < pieces * (index + 1) / count; piece++) {
    const int row = piece % o->window, d = piece / o->window % p->depth;
    const winograd_places w = winograd_places_of(p, group, piece / o->window / p->depth);
    transform_source plane = winograd_plane(p, o->from.at, o->size, o->channels, o->first, &w);
    plane.first += (long)d * o->size[0] * o->size[1] * o->channels;
    winograd_fetch_row(o, &w, &plane, row);
  }
}
