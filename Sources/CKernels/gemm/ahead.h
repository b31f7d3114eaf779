// Memory that will be needed soon, to be fetched while something else is computed: rows of voxels are too far apart, and
// the packing of a group too short, for the processor to foresee them.
#pragma once
#include "../simd/vector.h"
#include "activation.h"

/// Floats of some voxels of a source, part after part.
typedef struct {
  const float *row;
  long step;  // floats from row to row
  long rows;
  int lines, line;  // cache lines of a row, and the next one of them
  const activation_source *source;
  int channels, channel, last;  // of the source; the first and the end of what comes after these rows
  long voxel, voxels;
} memory_ahead;

/// The rows of the next part; none behind the last.
INLINE void memory_ahead_go_on(memory_ahead *a) {
  a->rows = 0;
  if (a->channel >= a->last) return;
  const source_part part = source_part_of(a->source, a->channels, a->channel);
  const int end = source_part_end(&part, a->last);
  a->row = (const float *)part.source.at + a->voxel * part.channels + a->channel - part.first;
  a->step = part.channels;
  a->rows = a->voxels;
  a->lines = (end - a->channel + 15) / 16;
  a->line = 0;
  a->channel = end;
}

/// Channels first ..< last, of `channels`, of the voxels from `voxel` on.
INLINE memory_ahead memory_ahead_of(const activation_source *source, int channels, int first, int last, long voxel,
                                    long voxels) {
  memory_ahead a = {
      .source = source, .channels = channels, .channel = first, .last = last, .voxel = voxel, .voxels = voxels};
  memory_ahead_go_on(&a);
  return a;
}

INLINE int memory_ahead_is_over(const memory_ahead *a) { return a->rows <= 0 && a->channel >= a->last; }

/// Asks for the next line. One now and then: the processor waits for few lines at a time, and stops when more are asked for.
INLINE void prefetch_line(memory_ahead *a) {
  if (a->rows <= 0) return;
  __builtin_prefetch(a->row + a->line * 16, 0, 2);
  if (++a->line < a->lines) return;
  a->line = 0;
  a->row += a->step;
  a->rows--;
}

/// Between two micro-kernels, which do not go on to the next part themselves.
INLINE void prefetch_lines(memory_ahead *a, long count) {
  if (a->rows <= 0) memory_ahead_go_on(a);
  for (; count > 0 && a->rows > 0; count--) prefetch_line(a);
}

/// The micro-kernels that fetch ask for a line every so many steps of their sums.
enum { steps_per_line = 4 };
