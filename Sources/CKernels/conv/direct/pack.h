// Packing of one source row, channels last, into [phase][channel block][left + columns][16].
#pragma once
#include "../../simd/source.h"
#include "band.h"

/// What a lane of packed memory holds: one float, or two bfloat16 numbers (only where the build has products of pairs).
typedef enum { lane_float, lane_channel_pair, lane_voxel_pair } packed_lane;

/// Voxels of a row, `step` numbers apart, from some channel on.
typedef struct {
  const void *at;
  long step;
  int count;
  activation_norm norm;
} pack_voxels;

/// One 16-channel block of each voxel.
INLINE void pack_floats(const pack_voxels *from, const int kind, float *to) {
  UNROLLED for (int i = 0; i < 16; i += VECTOR_FLOATS) {
    const source_norm norm = source_norm_of(&from->norm, i, kind);
    for (int v = 0; v < from->count; v++)
      vec_store(to + v * 16L + i, source_load(from->at, v * from->step + i, kind, &norm));
  }
}

#if LANE_PAIRS
/// The same for 32 channels, each paired with its neighbour; `channels` of them exist.
INLINE void pack_channel_pairs(const pack_voxels *from, const int kind, int channels, float *to) {
  const int has_high = channels > 16;
  const source_norm norms[2] = {source_norm_of(&from->norm, 0, kind),
                                source_norm_of(&from->norm, has_high ? 16 : 0, kind)};
  for (int v = 0; v < from->count; v++, to += 16) {
    const vec high = has_high ? source_load(from->at, v * from->step + 16, kind, &norms[1]) : (vec)(0.0f);
    vec_store(to, vec_pairs(source_load(from->at, v * from->step, kind, &norms[0]), high));
  }
}

/// The same for 16 channels, every voxel paired with the next one; `before`: also zero with the first one, before `to`.
INLINE void pack_voxel_pairs(const pack_voxels *from, const int kind, int before, float *to) {
  const int count = from->count;
  const source_norm norm = source_norm_of(&from->norm, 0, kind);
  vec next = count > 0 ? source_load(from->at, 0, kind, &norm) : (vec)(0.0f);
  if (before) vec_store(to - 16, vec_zip((vec)(0.0f), next));
  for (int v = 1; v <= count; v++, to += 16) {
    const vec voxel = next;
    next = v < count ? source_load(from->at, v * from->step, kind, &norm) : (vec)(0.0f);
    vec_store(to, vec_zip(voxel, next));
  }
}
#endif

/// Channels of a block.
INLINE int pack_width(const packed_lane lane) { return lane == lane_channel_pair ? 32 : 16; }

/// Every phase of a row of a part, channel blocks first_block ..< last_block; the columns around a phase become zero.
INLINE void pack_row(const packed_lane lane, const convolution_gather *g, const void *row, const source_part *part,
                     const int kind, int first_block, int last_block, float *packed) {
  const int phases = axis_phases(&g->axes[2]), channels = part->channels;
  const long step = (long)phases * channels;
  for (int phase = 0; phase < phases; phase++) {
    const int count = axis_phase_count(&g->axes[2], phase), right = g->columns - g->left - count;
    for (int block = first_block; block < last_block; block++) {
      float *to = packed + ((long)phase * g->packed_channels + block * 16) * g->columns;
      memset(to, 0, g->left * 64L);
      const int channel = block * pack_width(lane) - part->first;
      const pack_voxels from = {number_at(row, (long)phase * channels + channel, kind & source_is_bfloat16), step,
                                count, activation_norm_from(part->source.norm, channel)};
      if (lane == lane_float) pack_floats(&from, kind, to + g->left * 16);
#if LANE_PAIRS
      if (lane == lane_channel_pair) pack_channel_pairs(&from, kind, channels - channel, to + g->left * 16);
      if (lane == lane_voxel_pair) pack_voxel_pairs(&from, kind, g->left > 0, to + g->left * 16);
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

/// The same for a part of any kind.
INLINE void pack_part_row(const packed_lane lane, const convolution_gather *g, const void *row, const source_part *part,
                          int first_block, int last_block, float *packed) {
  switch (source_kind(&part->source)) {
    case 0: return pack_row(lane, g, row, part, 0, first_block, last_block, packed);
    case 1: return pack_row(lane, g, row, part, 1, first_block, last_block, packed);
    case 2: return pack_row(lane, g, row, part, 2, first_block, last_block, packed);
    default: return pack_row(lane, g, row, part, 3, first_block, last_block, packed);
  }
}

/// The same for every part of a source; `row` counts rows of W.
INLINE void pack_source_row(const packed_lane lane, const convolution_gather *g, long row,
                            const activation_source *source, int first_block, int last_block, float *packed) {
  const int width = pack_width(lane);
  for (int block = first_block, end; block < last_block; block = end) {
    const source_part part = source_part_of(source, g->source_channels, block * width);
    end = (source_part_end(&part, last_block * width) + width - 1) / width;
    const long first = row * g->axes[2].sources * part.channels;
    pack_part_row(lane, g, number_at(part.source.at, first, part.source.is_bfloat16), &part, block, end, packed);
  }
}

/// Packs the slices that target depth `d` reads and the band does not hold yet.
INLINE void pack_slices(const packed_lane lane, const convolution_gather *g, band *b, int d, activation_source source,
                        int first_block, int last_block, float *packed) {
  const convolution_axis *axes = g->axes;
  for (int k = 0; k < axes[0].kernel; k++) {
    const int slice = axis_source(&axes[0], d, k);
    if (slice < 0 || band_slice_slot(b, axes[0].kernel, slice) >= 0) continue;
    const int slot = band_free_slot(g, b, d);
    b->held[slot] = slice;
    for (int i = 0; i < b->rows; i++) {
      const long row = ((long)b->image * axes[0].sources + slice) * axes[1].sources + b->row[i];
      float *to = packed + ((long)slot * g->row_slots + i) * g->row_floats;
      if (g->source_channels == 1) pack_planar_row(g, (const float *)source.at + row * axes[2].sources, to);
      else pack_source_row(lane, g, row, &source, first_block, last_block, to);
    }
  }
}
