// The transforms, along one axis: sums over products j of output[i][join j] * (weight[j] . w) * (input[j] . x).
//
// Stride 1: Lavin and Gray 2015, points 0, 1, -1 (2, -2) and infinity. Stride 2: with the odd samples o and the even
// ones e, out[i] = w0 o[i] + w2 o[i + 1] + w1 e[i]; the first two are a two-tap filter, points 0, 1, infinity, and the
// third is one tap whose products join the same sums, so that additions suffice.
#pragma once
#include "winograd.h"

enum { winograd_window = 6, winograd_products = 6, winograd_outputs = 4, winograd_joined = 4 };

/// Columns that are transformed together, slice by slice, so that memory is read along rows.
enum { winograd_run = 4 };

typedef struct {
  int window, products, sums, outputs;
  int step, offset;  // source samples from tile to tile; a window starts `offset` before
  int flipped;       // backward: its H and W taps are read in reverse
  float input[winograd_products * winograd_window];    // products x window
  float weight[winograd_products * 3];                 // products x 3
  float output[winograd_outputs * winograd_products];  // outputs x sums
  int join[winograd_products];                         // the sum that a product joins
} winograd_scheme;

// clang-format off
static const winograd_scheme winograd_tile2 = {
    .window = 4, .products = 4, .sums = 4, .outputs = 2, .step = 2, .offset = 1, .flipped = 1,
    .input = {1, 0, -1, 0, 0, 1, 1, 0, 0, -1, 1, 0, 0, 1, 0, -1},
    .weight = {1, 0, 0, .5f, .5f, .5f, .5f, -.5f, .5f, 0, 0, 1},
    .output = {1, 1, 1, 0, 0, 1, -1, -1},
    .join = {0, 1, 2, 3}};

/// Along depth, when a plan is deep: two slices of the target at a time, or three (points 0, 1, -1, 2 and infinity).
#define winograd_depth2 winograd_tile2
static const winograd_scheme winograd_depth3 = {
    .window = 5, .products = 5, .sums = 5, .outputs = 3, .step = 3, .offset = 1,
    .input = {2, -1, -2, 1, 0, 0, -2, -1, 1, 0, 0, 2, -3, 1, 0, 0, -1, 0, 1, 0, 0, 2, -1, -2, 1},
    .weight = {.5f, 0, 0, -.5f, -.5f, -.5f, -1 / 6.f, 1 / 6.f, -1 / 6.f, 1 / 6.f, 1 / 3.f, 2 / 3.f, 0, 0, 1},
    .output = {1, 1, 1, 1, 0, 0, 1, -1, 2, 0, 0, 1, 1, 4, 1},
    .join = {0, 1, 2, 3, 4}};
enum { winograd_depth_window = 5, winograd_depth_outputs = 3 };
/// Of all axes.
enum { winograd_most_products = winograd_products * winograd_products * 5 };

static const winograd_scheme winograd_tile4 = {
    .window = 6, .products = 6, .sums = 6, .outputs = 4, .step = 4, .offset = 1, .flipped = 1,
    .input = {4, 0, -5, 0, 1, 0, 0, -4, -4, 1, 1, 0, 0, 4, -4, -1, 1, 0,
              0, -2, -1, 2, 1, 0, 0, 2, -1, -2, 1, 0, 0, 4, 0, -5, 0, 1},
    .weight = {.25f, 0, 0, -1 / 6.f, -1 / 6.f, -1 / 6.f, -1 / 6.f, 1 / 6.f, -1 / 6.f,
               1 / 24.f, 1 / 12.f, 1 / 6.f, 1 / 24.f, -1 / 12.f, 1 / 6.f, 0, 0, 1},
    .output = {1, 1, 1, 1, 1, 0, 0, 1, -1, 2, -2, 0, 0, 1, 1, 4, 4, 0, 0, 1, -1, 8, -8, 1},
    .join = {0, 1, 2, 3, 4, 5}};

static const winograd_scheme winograd_strided = {
    .window = 5, .products = 5, .sums = 3, .outputs = 2, .step = 4, .offset = 1,
    .input = {1, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0},
    .weight = {1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0},
    .output = {1, 1, 0, 0, 1, 1},
    .join = {0, 1, 2, 0, 2}};

static const winograd_scheme winograd_strided_back = {
    .window = 3, .products = 5, .sums = 5, .outputs = 4, .step = 2, .offset = 0,
    .input = {1, -1, 0, 0, 1, 0, 0, -1, 1, 1, 0, 0, 0, 1, 0},
    .weight = {0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0},
    .output = {0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0},
    .join = {0, 1, 2, 3, 4}};

// clang-format on

static const winograd_scheme *const winograd_schemes[] = {&winograd_tile2, &winograd_tile4, &winograd_strided,
                                                          &winograd_strided_back};

/// Of a deep plan.
static inline const winograd_scheme *winograd_depth_of(const winograd_plan *p) {
  return p->planes == winograd_depth3.products ? &winograd_depth3 : &winograd_depth2;
}

/// Calls with the depth transform of a deep plan as a constant, so that unrolling folds its matrices.
#define WITH_DEPTH(p, function, ...)                                                 \
  ((p)->planes == winograd_depth3.products ? function(&winograd_depth3, __VA_ARGS__) \
                                           : function(&winograd_depth2, __VA_ARGS__))

/// The sum that a product joins, planes included.
static inline int winograd_sum_of(const winograd_plan *p, int product) {
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int plane = product / (k->products * k->products), within = product % (k->products * k->products);
  return (plane * k->sums + k->join[within / k->products]) * k->sums + k->join[within % k->products];
}

static inline long winograd_target_floats(const winograd_plan *p) {
  return (long)p->batch * p->depth * p->target[0] * p->target[1] * p->target_channels;
}

/// Images of the batch, or interleaved ones.
static inline long winograd_images(const winograd_plan *p) { return (long)p->batch * p->dilation * p->dilation; }

/// Runs of columns of one image in a group, and of all.
static inline int winograd_image_runs(const winograd_plan *p) {
  return (p->columns / p->images + winograd_run - 1) / winograd_run;
}
static inline int winograd_runs(const winograd_plan *p) { return p->images * winograd_image_runs(p); }

/// Blocks of 16 channels that the transforms of a run's x, then those of its dy, have.
static inline int winograd_transform_blocks(const winograd_plan *p) {
  return (p->source_channels + p->target_channels) / 16;
}

/// From so many floats of dU on it should come from memory as rarely as accuracy lets it.
enum { many_sums = 8 << 20 };
static inline int winograd_has_many_sums(const winograd_plan *p) { return winograd_weight_floats(p) > many_sums; }
