// Which source coordinates a target coordinate reads along each axis; and which source rows and slices a band of target
// rows reads, and where their packed copies lie.
#pragma once
#include "convolution.h"

// ---- One axis

static inline int axis_padding(const convolution_axis *a) { return a->dilation * (a->kernel - 1) / 2; }

/// The source coordinate that `tap` reads for a target, or -1: outside, or (backward) not on the stride's grid.
static inline int axis_source(const convolution_axis *a, int target, int tap) {
  const int offset = tap * a->dilation - axis_padding(a);
  int source = a->backward ? target - offset : target * a->stride + offset;
  if (source < 0) return -1;
  if (a->backward) {
    if (source % a->stride != 0) return -1;
    source /= a->stride;
  }
  return source < a->sources ? source : -1;
}

// Along W a kernel handles many targets at once. Backward through a stride, the targets of one residue (a `class`)
// share their taps; forward, the sources of one residue (a `phase`) lie side by side once packed. Then
// source = (j + shift) * phases + phase for the target j * classes + class.

static inline int axis_classes(const convolution_axis *a) { return a->backward ? a->stride : 1; }
static inline int axis_phases(const convolution_axis *a) { return a->backward ? 1 : a->stride; }

static inline int axis_class_count(const convolution_axis *a, int class) {
  return (a->targets - class + axis_classes(a) - 1) / axis_classes(a);
}

static inline int axis_phase_count(const convolution_axis *a, int phase) {
  return (a->sources - phase + axis_phases(a) - 1) / axis_phases(a);
}

/// How a tap reads for one class: from which phase, shifted by how much, and for which j (low ..< high) inside the
/// volume.
typedef struct {
  int phase, shift, low, high;
} column_tap;

static inline column_tap axis_column_tap(const convolution_axis *a, int class, int tap) {
  const int offset = tap * a->dilation - axis_padding(a), stride = a->stride;
  const int position = a->backward ? class - offset : offset;
  const int residue = (position % stride + stride) % stride;
  column_tap t = {a->backward ? 0 : residue, (position - residue) / stride, 0, 0};
  if (a->backward && residue != 0) return t;
  const int count = axis_class_count(a, class), held = axis_phase_count(a, t.phase);
  t.low = t.shift < 0 ? -t.shift : 0;
  t.high = held - t.shift < count ? held - t.shift : count;
  return t;
}

// ---- A band

/// A work item: some target rows of one image.
typedef struct {
  int image, first, count;                                     // target rows first ..< first + count
  int rows, row[convolution_max_band * convolution_max_side];  // the distinct source rows they read
  int slot[convolution_max_band][convolution_max_side];        // row slot of (target row, tap), or -1
  int held[convolution_max_side];                              // source slice in each slice slot, or -1
} band;

static inline int band_row_slot(band *b, int source) {
  for (int i = 0; i < b->rows; i++)
    if (b->row[i] == source) return i;
  b->row[b->rows] = source;
  return b->rows++;
}

static inline band band_make(const convolution_gather *g, long item) {
  band b = {.image = item / g->bands, .first = item % g->bands * g->rows_per_band};
  const int rest = g->axes[1].targets - b.first;
  b.count = rest < g->rows_per_band ? rest : g->rows_per_band;
  for (int h = 0; h < b.count; h++)
    for (int k = 0; k < g->axes[1].kernel; k++) {
      const int source = axis_source(&g->axes[1], b.first + h, k);
      b.slot[h][k] = source < 0 ? -1 : band_row_slot(&b, source);
    }
  for (int k = 0; k < g->axes[0].kernel; k++) b.held[k] = -1;
  return b;
}

static inline int band_slice_slot(const band *b, int slices, int source) {
  for (int i = 0; i < slices; i++)
    if (b->held[i] == source) return i;
  return -1;
}

/// A slot whose slice the target depth `d` does not read.
static inline int band_free_slot(const convolution_gather *g, const band *b, int d) {
  for (int i = 0; i < g->axes[0].kernel; i++) {
    int needed = 0;
    for (int k = 0; k < g->axes[0].kernel; k++)
      needed |= b->held[i] >= 0 && axis_source(&g->axes[0], d, k) == b->held[i];
    if (!needed) return i;
  }
  __builtin_unreachable();  // as many slots as taps
}
