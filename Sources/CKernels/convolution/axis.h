// Which source coordinates a target coordinate reads, along one axis.
#pragma once
#include "convolution.h"

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
