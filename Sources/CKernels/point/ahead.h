// Memory that will be needed soon, asked for while something else is computed: rows of voxels are too far apart, and the
// packing of a group too short, for the processor to foresee them.
#pragma once

typedef struct {
  const float *row;
  long step;                                    // floats from row to row
  long rows;
  int lines, line;                              // cache lines of a row, and the next one of them
} memory_ahead;

static inline void memory_ask(memory_ahead *a, int count) {
  for (; count > 0 && a->rows > 0; count--) {
    __builtin_prefetch(a->row + a->line * 16, 0, 2);
    if (++a->line < a->lines) continue;
    a->line = 0;
    a->row += a->step;
    a->rows--;
  }
}
