// Packing of one source row, channels last, into [phase][channel block][left + columns][16].
#pragma once
#include "band.h"
#include "vector.h"

/// `count` voxels, `step` numbers apart, one 16-channel block of each.
INLINE void pack_block(const void *from, const int is_half, long step, int count, float *to) {
  for (int v = 0; v < count; v++, to += 16)
    UNROLLED for (int i = 0; i < 16; i += VECTOR_FLOATS) vec_store(to + i, vec_read(from, v * step + i, is_half));
}

#ifdef PACK_PAIR
/// The same for 32 channels, neighbours rounded into pairs; `channels` of them exist.
INLINE void pack_pairs(const void *from, const int is_half, long step, int count, int channels, float *to) {
  for (int v = 0; v < count; v++, to += 16) {
    const vec high = channels > 16 ? vec_read(from, v * step + 16, is_half) : (vec)(0.0f);
    vec_store(to, PACK_PAIR(vec_read(from, v * step, is_half), high));
  }
}
#endif

#ifdef VOXEL_PAIR
/// The same, every voxel rounded into a pair with the next one; `before`: also zero with the first one, before `to`.
INLINE void pack_voxel_pairs(const void *from, const int is_half, long step, int count, int before, float *to) {
  vec next = count > 0 ? vec_read(from, 0, is_half) : (vec)(0.0f);
  if (before) vec_store(to - 16, VOXEL_PAIR((vec)(0.0f), next));
  for (int v = 1; v <= count; v++, to += 16) {
    const vec voxel = next;
    next = v < count ? vec_read(from, v * step, is_half) : (vec)(0.0f);
    vec_store(to, VOXEL_PAIR(voxel, next));
  }
}
#endif

/// Every phase of a row, channel blocks first_block ..< last_block; the columns around a phase become zero.
INLINE void pack_row(const convolution_gather *g, const void *row, const int is_half, int first_block, int last_block,
                     float *packed) {
  const int phases = axis_phases(&g->axes[2]), channels = g->source_channels;
  for (int phase = 0; phase < phases; phase++) {
    const int count = axis_phase_count(&g->axes[2], phase), right = g->columns - g->left - count;
    for (int block = first_block; block < last_block; block++) {
      float *to = packed + ((long)phase * g->packed_channels + block * 16) * g->columns;
      memset(to, 0, g->left * 64L);
#ifdef PACK_PAIR
      const void *from = number_at(row, (long)phase * channels + block * 32, is_half);
      pack_pairs(from, is_half, (long)phases * channels, count, channels - block * 32, to + g->left * 16);
#elif defined(VOXEL_PAIR)
      const void *from = number_at(row, (long)phase * channels + block * 16, is_half);
      pack_voxel_pairs(from, is_half, (long)phases * channels, count, g->left > 0, to + g->left * 16);
#else
      const void *from = number_at(row, (long)phase * channels + block * 16, is_half);
      pack_block(from, is_half, (long)phases * channels, count, to + g->left * 16);
#endif
      memset(to + (g->left + count) * 16L, 0, right * 64L);
    }
  }
}

static void pack_planar_row(const convolution_gather *g, const float *row, float *packed) {
  const int phases = axis_phases(&g->axes[2]);
  memset(packed, 0, g->row_floats * sizeof(float));
  for (int phase = 0; phase < phases; phase++) {
    float *to = packed + (long)phase * g->columns + g->left;
    const int count = axis_phase_count(&g->axes[2], phase);
    for (int v = 0; v < count; v++) to[v] = row[v * phases + phase];
  }
}

/// Packs the slices that target depth `d` reads and the band does not hold yet.
static void pack_slices(const convolution_gather *g, band *b, int d, activation_source source, int first_block,
                        int last_block, float *packed) {
  const convolution_axis *axes = g->axes;
  for (int k = 0; k < axes[0].kernel; k++) {
    const int slice = axis_source(&axes[0], d, k);
    if (slice < 0 || band_slice_slot(b, axes[0].kernel, slice) >= 0) continue;
    const int slot = band_free_slot(g, b, d);
    b->held[slot] = slice;
    for (int i = 0; i < b->rows; i++) {
      const long row = ((long)b->image * axes[0].sources + slice) * axes[1].sources + b->row[i];
      const void *from = number_at(source.at, row * axes[2].sources * g->source_channels, source.is_half);
      float *to = packed + ((long)slot * g->row_slots + i) * g->row_floats;
      if (g->source_channels == 1) pack_planar_row(g, from, to);
      else if (source.is_half) pack_row(g, from, 1, first_block, last_block, to);
      else pack_row(g, from, 0, first_block, last_block, to);
    }
  }
}
