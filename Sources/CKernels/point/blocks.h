// The blocks of a 1x1x1 convolution's channels, and the order of a weight gradient's items.
#pragma once
#include "point.h"

static inline int point_blocks(const point_plan *p) { return (p->target_channels + p->block - 1) / p->block; }
static inline int point_sources(const point_plan *p) { return p->source_channels / 16; }

/// The target block and the 16 source channels of an item.
typedef struct {
  int block, source;
} point_place;

/// Workers take neighbouring items, so the side with more channels is split among them and read once.
static inline int point_splits_targets(const point_plan *p) { return p->target_channels >= p->source_channels; }

static inline point_place point_place_of(const point_plan *p, long item) {
  const int blocks = point_blocks(p), sources = point_sources(p);
  if (point_splits_targets(p)) return (point_place){(int)(item / sources), (int)(item % sources)};
  return (point_place){(int)(item % blocks), (int)(item / blocks)};
}

static inline long point_item(const point_plan *p, int block, int source) {
  return point_splits_targets(p) ? (long)block * point_sources(p) + source : (long)source * point_blocks(p) + block;
}
