// Where a column lies in a group, in the source and in the target.
#pragma once
#include "transform.h"

/// A column of a group, and its tile: beyond the last tile row, its windows are zero and nothing is stored.
typedef struct {
  int column, row, tile;
} winograd_place;

/// Neighbouring columns of a group.
typedef struct {
  long image;
  int first_row, first_column;                  // voxel of the plane where the interleaved image starts
  int count;
  winograd_place at[winograd_run];
} winograd_places;

/// Columns beyond the last image lie beyond the last tile row of the first.
INLINE winograd_places winograd_places_of(const winograd_plan *p, long group, int run) {
  const int runs = winograd_image_runs(p), own = run / runs, columns = p->columns / p->images;
  const int parts = p->dilation * p->dilation, first = run % runs * winograd_run;
  const long index = group / p->groups * p->images + own, image = index < winograd_images(p) ? index : 0;
  const int part = image % parts;
  winograd_places w = {image / parts, part / p->dilation, part % p->dilation, columns - first, {{0}}};
  if (w.count > winograd_run) w.count = winograd_run;
  for (int i = 0; i < w.count; i++) {
    const int column = (int)(group % p->groups) * columns + first + i;
    const int row = image == index ? column / p->tiles[1] : p->tiles[0];
    w.at[i] = (winograd_place){own * columns + first + i, row, column % p->tiles[1]};
  }
  return w;
}

/// How many rows, or columns, of `count` an interleaved image has that starts at `first`.
INLINE int winograd_part(const winograd_plan *p, int count, int first) {
  return (count - first + p->dilation - 1) / p->dilation;
}

/// The first plane [height][width][channels] of the columns' image in an activation, from `channel` on.
INLINE transform_source winograd_plane(const winograd_plan *p, const void *from, const int size[2], int channels,
                                       int channel, const winograd_places *w) {
  const long row = (long)size[1] * channels;
  return (transform_source){from,
                            (w->image * p->depth * size[0] + w->first_row) * row + (long)w->first_column * channels +
                                channel,
                            winograd_part(p, size[0], w->first_row), winograd_part(p, size[1], w->first_column),
                            row * p->dilation, (long)channels * p->dilation};
}

/// The target of a group, one block of its channels.
typedef struct {
  const convolution_finish *finish;
  activation_target target;
  int block, accumulate, stream;                // stream: store past the caches
} winograd_target;

/// Channels of a target block that are stored.
INLINE int winograd_target_lanes(const winograd_plan *p, int block) {
  const int left = p->target_channels - block * block_floats;
  return left < block_floats ? left : block_floats;
}

/// The target tile of a column at depth `d`, channels `part` onward of the block.
INLINE transform_target winograd_target_tile(const winograd_plan *p, const winograd_places *places, int index,
                                             const winograd_target *t, int d, int part) {
  const int outputs = winograd_schemes[p->scheme]->outputs, channel = t->block * block_floats + part;
  const int h = places->at[index].row * outputs, w = places->at[index].tile * outputs;
  const long channels = p->target_channels, width = p->target[1];
  const long row = (places->image * p->depth + d) * p->target[0] + places->first_row + (long)h * p->dilation;
  const long voxel = row * width + places->first_column + (long)w * p->dilation;
  return (transform_target){t->target.at, voxel * channels + channel, width * channels * p->dilation,
                            channels * p->dilation, winograd_part(p, p->target[0], places->first_row) - h,
                            winograd_part(p, width, places->first_column) - w, t->accumulate,
                            t->stream,
                            t->finish, channel};
}
