// Memory that will be needed soon, to be fetched while something else is computed: rows of voxels are too far apart, and
// the packing of a group too short, for the processor to foresee them.
#pragma once
#include "../simd/vector.h"

typedef struct {
  const float *row;
  long step;  // floats from row to row
  long rows;
  int lines, line;  // cache lines of a row, and the next one of them
} memory_ahead;

/// Asks for the next line. One now and then: the processor waits for few lines at a time, and stops when more are asked for.
INLINE void prefetch_line(memory_ahead *a) {
  if (a->rows <= 0) return;
  __builtin_prefetch(a->row + a->line * 16, 0, 2);
  if (++a->line < a->lines) return;
  a->line = 0;
  a->row += a->step;
  a->rows--;
}

INLINE void prefetch_lines(memory_ahead *a, long count) {
  for (; count > 0 && a->rows > 0; count--) prefetch_line(a);
}

/// The micro-kernels that fetch ask for a line every so many steps of their sums.
enum { steps_per_line = 4 };
