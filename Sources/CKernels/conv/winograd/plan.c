// Shapes and sizes of the Winograd kernels; nothing here depends on the instruction set.
#include "schemes.h"
#include <math.h>
#include <stddef.h>

static int padded(int channels) { return (channels + 15) / 16 * 16; }
static int ceiling(int value, int divisor) { return (value + divisor - 1) / divisor; }

/// Products are this many floats further apart than they need, so that they do not share cache sets.
enum { step_padding = 80 };

/// Floats of V and M together in a group, a plane of products counting as one, and how many voxels a group may have.
/// A weight gradient's has two register tiles at least; the largest have so many that a sum over one is just still accurate.
enum { group_floats = 36864, least_voxels = 28, most_voxels = 72, large_voxels = 144 };

/// Floats of dU up to which workers can have their own without one pushing the other's out of the cache they share.
enum { few_sums = 7 << 17, most_parts = 16 };

/// Weights come from memory once per group. Small groups stay in a core's own cache from transform to product; where
/// they would not, larger ones need the weights less often.
static int group_columns(const winograd_plan *p, int is_gradient) {
  const int channels = p->source_channels + p->target_channels;
  int voxels = group_floats / p->planes / channels;
  if (voxels > most_voxels) voxels = most_voxels;
  if (is_gradient && winograd_has_many_sums(p)) voxels = large_voxels;
  return ceiling(voxels > least_voxels ? voxels : least_voxels, p->depth_tiles);
}

/// Fewer groups than this for a worker are cut so that all end together.
enum { few_groups = 8 };

static int blocks(const winograd_plan *p) { return ceiling(p->target_channels, p->block); }

/// Fewer groups than workers are multiplied by several, each by a part of the weights.
static int group_shares(const winograd_plan *p, long groups, int workers) {
  const int shares = ceiling(workers, (int)groups);
  return shares < blocks(p) ? shares : blocks(p);
}

/// What the worker with the most items spends on groups of so many columns. In units of half a block of target channels for
/// one voxel, a voxel's own transforms cost three, and reading a block's weights as much as eight voxels of it.
static long gather_cost(const winograd_plan *p, int columns, int workers) {
  const long groups = winograd_images(p) * ceiling(p->tiles[0] * p->tiles[1], columns);
  const int shares = group_shares(p, groups, workers);
  const long rounds = (groups * shares + workers - 1) / workers, voxels = (long)columns * p->depth_tiles;
  return rounds * (3 * voxels + 2 * ceiling(blocks(p), shares) * (voxels + 8));
}

/// At most `wanted` columns, or somewhat more where V and M stay small.
static int even_columns(const winograd_plan *p, int wanted, int workers) {
  int best = wanted;
  for (int columns = 1; columns <= 2 * wanted; columns++) {
    if (columns > wanted && columns * p->depth_tiles > most_voxels) break;
    if (gather_cost(p, columns, workers) < gather_cost(p, best, workers)) best = columns;
  }
  return best;
}

/// Images in groups of about `wanted` columns, or several small images in one, but a group for every worker.
static void group_images(winograd_plan *p, int wanted, int workers) {
  const int columns = p->tiles[0] * p->tiles[1];
  const long share = (winograd_images(p) + workers - 1) / workers;
  p->images = wanted / columns < share ? wanted / columns : (int)share;
  if (p->images < 1) p->images = 1;
  p->columns = p->images > 1 ? p->images * columns : wanted < columns ? wanted : columns;
  p->groups = p->images > 1 ? 1 : ceiling(columns, p->columns);
  const long all = winograd_images(p) * p->groups;
  // One worker has nobody to end with; and of a weight gradient, planned for one, groups decide bits.
  if (p->images > 1 || all > few_groups * workers || workers == 1) return;
  p->columns = even_columns(p, p->columns, workers);
  p->groups = ceiling(columns, p->columns);
}

/// At least four groups in a part.
static int gradient_parts(const winograd_plan *p) {
  const long most = winograd_group_count(p) / 4;
  if (winograd_weight_floats(p) > few_sums || most < 1) return 1;
  return most < most_parts ? (int)most : most_parts;
}

/// Whether V and M of all groups, and a piece of dU for every worker, are less than dU.
static int is_piecewise(const winograd_plan *p, int workers) {
  return p->parts == 1 && winograd_all_groups(p) + workers * winograd_piece_scratch(p) <= winograd_weight_floats(p);
}

winograd_plan winograd_make_plan(const convolution_shape *s, enum winograd_use use, int tile4, int deep, int pairs,
                                 int block, int workers) {
  const int backward = use == winograd_backward_input;
  winograd_plan p = {.backward = backward,
                     .block = block,
                     .batch = s->batch,
                     .depth = s->in[0],
                     .kernel_depth = s->kernel[0],
                     .dilation = s->dilation[1]};
  p.planes = deep == winograd_depth3.outputs ? winograd_depth3.products : deep ? winograd_depth2.products : 1;
  p.depth_taps = deep ? 1 : s->kernel[0];
  p.depth_tiles = deep ? ceiling(p.depth, deep) : p.depth;
  const int strided = s->stride[1] == 2;
  p.scheme = !strided ? (tile4 ? winograd_stride1_tile4 : winograd_stride1_tile2)
                      : (backward ? winograd_stride2_back : winograd_stride2);
  const winograd_scheme *k = winograd_schemes[p.scheme];
  for (int i = 0; i < 2; i++) {
    p.source[i] = backward ? s->out[i + 1] : s->in[i + 1];
    p.target[i] = backward ? s->in[i + 1] : s->out[i + 1];
    p.tiles[i] = ceiling(ceiling(p.target[i], p.dilation), k->outputs);
  }
  p.source_channels = padded(backward ? s->out_channels : s->channels);
  p.source_lanes = pairs ? padded(p.source_channels / 2) : p.source_channels;
  p.target_channels = padded(backward ? s->channels : s->out_channels);
  p.products = p.planes * k->products * k->products;
  p.sums = p.planes * k->sums * k->sums;
  const int is_gradient = use == winograd_backward_weights;
  group_images(&p, group_columns(&p, is_gradient), is_gradient ? 1 : workers);
  p.shares = is_gradient ? 1 : group_shares(&p, winograd_group_count(&p), workers);
  p.voxels = (long)p.columns * p.depth_tiles;
  p.v_step = (p.voxels + (long)p.columns * (p.depth_taps - 1)) * p.source_lanes + step_padding;
  p.m_step = p.voxels * block + step_padding;
  p.parts = is_gradient ? gradient_parts(&p) : 1;
  p.piecewise = is_gradient && is_piecewise(&p, workers);
  return p;
}

long winograd_group_count(const winograd_plan *p) {
  return (winograd_images(p) + p->images - 1) / p->images * p->groups;
}
long winograd_gather_items(const winograd_plan *p) { return winograd_group_count(p) * p->shares; }
long winograd_gather_scratch(const winograd_plan *p) {
  return p->products * p->v_step + p->sums * p->m_step;
}

long winograd_weight_items(const winograd_plan *p) { return (long)blocks(p) * p->source_lanes; }

long winograd_weight_floats(const winograd_plan *p) {
  return winograd_weight_items(p) * p->products * p->depth_taps * p->block;
}

long winograd_transform_items(const winograd_plan *p) { return (long)winograd_runs(p) * winograd_transform_blocks(p); }
long winograd_multiply_items(const winograd_plan *p) { return (long)p->products * blocks(p) * p->depth_taps; }
long winograd_finish_items(const winograd_plan *p) { return winograd_weight_items(p); }
long winograd_gradient_v(const winograd_plan *p) { return p->products * p->v_step; }
long winograd_gradient_m(const winograd_plan *p) { return blocks(p) * p->sums * p->m_step; }
long winograd_gradient_du(const winograd_plan *p) { return winograd_weight_floats(p); }

long winograd_piece_items(const winograd_plan *p) { return (long)blocks(p) * (p->source_channels / 16); }
long winograd_piece_scratch(const winograd_plan *p) { return (long)p->products * p->depth_taps * 16 * p->block; }
long winograd_all_groups(const winograd_plan *p) {
  return winograd_group_count(p) * (winograd_gradient_v(p) + winograd_gradient_m(p));
}

static double row_sum(const float *row, int count, int step) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += fabs(row[i * step]);
  return sum;
}

static double axis_growth(const winograd_scheme *k) {
  double largest = 0;
  for (int o = 0; o < k->outputs; o++) {
    double sum = 0;
    for (int j = 0; j < k->products; j++)
      sum += fabs(k->output[o * k->sums + k->join[j]]) * row_sum(k->weight + j * 3, 3, 1) *
             row_sum(k->input + j * k->window, k->window, 1);
    largest = fmax(largest, sum);
  }
  return largest;
}

static double axis_gradient_growth(const winograd_scheme *k) {
  double largest = 0;
  for (int tap = 0; tap < 3; tap++) {
    double sum = 0;
    for (int j = 0; j < k->products; j++)
      sum += fabs(k->weight[j * 3 + tap]) * row_sum(k->input + j * k->window, k->window, 1) *
             row_sum(k->output + k->join[j], k->outputs, k->sums);
    largest = fmax(largest, sum);
  }
  return largest;
}

double winograd_growth(const winograd_plan *p) { return axis_growth(winograd_schemes[p->scheme]); }
double winograd_gradient_growth(const winograd_plan *p) { return axis_gradient_growth(winograd_schemes[p->scheme]); }
double winograd_depth_growth(const winograd_plan *p) {
  return p->planes > 1 ? axis_growth(winograd_depth_of(p)) / 3 : 1;
}
double winograd_depth_gradient_growth(const winograd_plan *p) {
  return p->planes > 1 ? axis_gradient_growth(winograd_depth_of(p)) : 1;
}
