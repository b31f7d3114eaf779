// The source rows and slices that a band of target rows reads, and where the packed copies lie.
#pragma once
#include "axis.h"

/// A work item: some target rows of one image.
typedef struct {
  int image, first, count;                      // target rows first ..< first + count
  int rows, row[convolution_max_band * convolution_max_side];           // the distinct source rows they read
  int slot[convolution_max_band][convolution_max_side];                 // row slot of (target row, tap), or -1
  int held[convolution_max_side];               // source slice in each slice slot, or -1
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
  __builtin_unreachable();                      // as many slots as taps
}
