// Where a column lies in a group, in the source and in the target.
#pragma once
#include "transform.h"

/// A column of a group, and its tile: beyond the last tile row, its windows are zero and nothing is stored.
typedef struct {
  long image;
  int column, row, tile;
} winograd_place;

INLINE winograd_place winograd_place_of(const winograd_plan *p, long group, int column) {
  const int first = (int)(group % p->groups) * p->columns + column;
  return (winograd_place){group / p->groups, column, first / p->tiles[1], first % p->tiles[1]};
}

/// The target of a group, one block of its channels.
typedef struct {
  const float *bias;                            // or NULL
  float *target;
  int block, accumulate;
} winograd_target;

/// Channels of a target block that are stored.
INLINE int winograd_target_lanes(const winograd_plan *p, int block) {
  const int left = p->target_channels - block * block_floats;
  return left < block_floats ? left : block_floats;
}

/// The target tile of a place at depth `d`, channels `part` onward of the block.
INLINE transform_target winograd_target_tile(const winograd_plan *p, const winograd_place *at, const winograd_target *t,
                                             int d, int part) {
  const int outputs = winograd_schemes[p->scheme]->outputs, channel = t->block * block_floats + part;
  const int h = at->row * outputs, w = at->tile * outputs;
  const long width = p->target[1], voxel = ((at->image * p->depth + d) * p->target[0] + h) * width + w;
  return (transform_target){t->target + voxel * p->target_channels + channel, width * p->target_channels,
                            p->target_channels, p->target[0] - h, p->target[1] - w, t->accumulate,
                            t->bias ? t->bias + channel : NULL};
}
