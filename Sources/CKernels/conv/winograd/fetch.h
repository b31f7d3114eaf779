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
  winograd_operand o = winograd_dy_operand(p, (activation_source){.at = target.at, .is_bfloat16 = target.is_bfloat16});
  o.first = block * block_floats;
  o.count = winograd_target_lanes(p, block);
  return o;
}

/// In how many activations the operand's channels lie.
static int winograd_operand_parts(const winograd_operand *o) {
  if (!o->from.parts) return 1;
  int count = 1;
  for (const source_part *p = o->from.parts; p->first + p->channels < o->channels; p++) count++;
  return count;
}

/// Whether a group's target, one block of its channels, stays in a core's own cache beside the operands of the products.
INLINE int winograd_target_is_small(const winograd_plan *p) {
  const int outputs = winograd_schemes[p->scheme]->outputs;
  return (long)p->columns * p->depth * outputs * outputs * block_floats <= fetched_floats;
}

/// Neighbouring windows of a run: of each row from `row` on, `voxels` times `numbers` from the row's number `first` on.
typedef struct {
  int row, voxels;
  long first, numbers;
} winograd_stretch;

/// A fetch under way. A piece is a row of the windows of a run in one slice of one part; where the run's windows lie is found
/// once, because finding it for every piece takes longer than fetching one.
typedef struct {
  winograd_operand of;
  long group, pieces, due;    // due: pieces to be fetched, times the number of calls
  int parts;                  // of the operand
  int run, part, slice, row;  // of the next piece
  transform_source plane;
  int count;
  winograd_stretch stretch[winograd_run];
} winograd_fetching;

/// The windows of a run without what lies beyond the borders; columns share what overlaps.
static void winograd_fetch_run(const winograd_plan *p, winograd_fetching *f) {
  const winograd_operand *o = &f->of;
  const winograd_places w = winograd_places_of(p, f->group, f->run);
  const source_part *parts = o->from.parts;
  const long channel = parts ? parts[f->part].first : o->first, count = parts ? parts[f->part].channels : o->count;
  f->plane = winograd_plane(p, &o->from, o->size, o->channels, channel, &w);
  f->plane.first += f->slice * f->plane.slice_step;
  f->count = 0;
  for (int i = 0; i < w.count;) {
    const int first = w.at[i].tile * o->step - o->offset, low = first > 0 ? first : 0;
    const int row = w.at[i].row;
    int last = first;
    for (; i < w.count && w.at[i].row == row; i++) last = w.at[i].tile * o->step - o->offset + o->window;
    const int high = last < f->plane.width ? last : f->plane.width, is_whole = f->plane.column_step == count;
    if (high <= low) continue;
    f->stretch[f->count++] = (winograd_stretch){row * o->step - o->offset, is_whole ? 1 : high - low,
                                                low * f->plane.column_step, is_whole ? (high - low) * count : count};
  }
}

/// Begins at the share `index` of `count` of what a group reads of an operand.
static winograd_fetching winograd_begin_fetch(const winograd_plan *p, winograd_operand of, long group, long index,
                                              long count) {
  winograd_fetching f = {.of = of, .group = group, .parts = winograd_operand_parts(&of)};
  f.pieces = (long)winograd_runs(p) * f.parts * p->depth * of.window;
  const long piece = f.pieces * index / count, plane = piece / of.window / p->depth;
  f.due = f.pieces * index % count;
  f.row = piece % of.window;
  f.slice = piece / of.window % p->depth;
  f.part = plane % f.parts;
  f.run = plane / f.parts;
  winograd_fetch_run(p, &f);
  return f;
}

INLINE void winograd_fetch_row(const winograd_fetching *f) {
  const int is_bfloat16 = f->plane.kind & source_is_bfloat16;
  const long line = is_bfloat16 ? 32 : 16;
  for (int i = 0; i < f->count; i++) {
    const winograd_stretch *s = &f->stretch[i];
    const int h = s->row + f->row;
    if (h < 0 || h >= f->plane.height) continue;
    long at = f->plane.first + h * f->plane.row_step + s->first;
    for (int v = 0; v < s->voxels; v++, at += f->plane.column_step)
      for (long c = 0; c < s->numbers; c += line) __builtin_prefetch(number_at(f->plane.at, at + c, is_bfloat16), 0, 2);
  }
}

/// The next share of `count`.
static void winograd_fetch(const winograd_plan *p, winograd_fetching *f, long count) {
  for (f->due += f->pieces; f->due >= count; f->due -= count) {
    winograd_fetch_row(f);
    if (++f->row < f->of.window) continue;
    f->row = 0;
    f->plane.first += f->plane.slice_step;
    if (++f->slice < p->depth) continue;
    f->slice = 0;
    if (++f->part == f->parts) (f->part = 0, f->run++);
    if (f->run < winograd_runs(p)) winograd_fetch_run(p, f);
  }
}
