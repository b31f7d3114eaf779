// The blocks of a 1x1x1 convolution's channels, and the order of a weight gradient's items.
#pragma once
#include "convolution.h"

static inline int conv1x1_blocks(const conv1x1_plan *p) { return (p->target_channels + p->block - 1) / p->block; }
static inline int conv1x1_sources(const conv1x1_plan *p) { return p->source_channels / 16; }

/// The target block and the 16 source channels of an item.
typedef struct {
  int block, source;
} conv1x1_place;

/// Workers take neighbouring items, so the side with more channels is split among them and read once.
static inline int conv1x1_splits_targets(const conv1x1_plan *p) { return p->target_channels >= p->source_channels; }

static inline conv1x1_place conv1x1_place_of(const conv1x1_plan *p, long item) {
  const int blocks = conv1x1_blocks(p), sources = conv1x1_sources(p);
  if (conv1x1_splits_targets(p)) return (conv1x1_place){(int)(item / sources), (int)(item % sources)};
  return (conv1x1_place){(int)(item % blocks), (int)(item / blocks)};
}
