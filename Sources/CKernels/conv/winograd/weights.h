// Weights into the transformed domain.
#pragma once
#include "transform.h"

/// Lanes of a block that are real channels of a side with `count`.
INLINE int weights_lanes(int count, long first) {
  return count - first >= block_floats ? block_floats : count > first ? (int)(count - first) : 0;
}

/// Where weight (target, source) starts in PyTorch's layout, and how far the next target channel's is.
typedef struct {
  long offset, step;
} weights_place;

INLINE weights_place weights_locate(const winograd_plan *p, int channels, long target, long source) {
  const long taps = p->kernel_depth * 9;
  if (p->backward) return (weights_place){(source * channels + target) * taps, taps};
  return (weights_place){(target * channels + source) * taps, channels * taps};
}

/// The 3x3 taps of one depth tap, lane by lane, in the order in which the scheme reads them.
static void weights_gather(const winograd_plan *p, const float *from, long step, int lanes, int depth, float *taps) {
  const int flipped = p->backward && winograd_schemes[p->scheme]->flipped;
  const float *plane = from + (p->backward ? p->kernel_depth - 1 - depth : depth) * 9;
  for (int tap = 0; tap < 9; tap++, taps += block_floats) {
    for (int lane = 0; lane < lanes; lane++) taps[lane] = plane[lane * step + (flipped ? 8 - tap : tap)];
    for (int lane = lanes; lane < block_floats; lane++) taps[lane] = 0;
  }
}

/// As floats (`channel` < 0), or into a row of U; `channel` is the place of the source channel in the row's lanes.
INLINE void weights_store(float *to, vec v, int channel) {
#if LANE_PAIRS
  if (channel >= 0) return vec_store_half(to, v, channel);
#endif
  (void)channel;
  vec_store(to, v);
}

/// u[i][j] = sum of weight[i][a] * weight[j][b] * taps[a][b], `step` floats apart.
static void weights_transform(const winograd_scheme *k, const float *taps, float *u, long step, int channel) {
  for (int part = 0; part < block_floats; part += VECTOR_FLOATS)
    for (int i = 0; i < k->products; i++) {
      vec half[3];
      for (int b = 0; b < 3; b++) {
        half[b] = (vec)(0.0f);
        for (int a = 0; a < 3; a++)
          half[b] = vec_fma((vec)(k->weight[i * 3 + a]), vec_load(taps + (a * 3 + b) * block_floats + part), half[b]);
      }
      for (int j = 0; j < k->products; j++) {
        vec sum = (vec)(0.0f);
        for (int b = 0; b < 3; b++) sum = vec_fma((vec)(k->weight[j * 3 + b]), half[b], sum);
        weights_store(u + (i * k->products + j) * step + part, sum, channel);
      }
    }
}

/// Working memory: the taps of a plane, and the products of each depth tap before depth is transformed.
typedef struct {
  int count;  // products of a plane
  float taps[9 * block_floats], planes[3][winograd_products * winograd_products * block_floats];
} weights_planes;

/// The transform along depth of three taps' products: u[q][i] = sum of depth.weight[q][d] * planes[d][i].
INLINE void weights_deepen(const winograd_scheme *depth, const weights_planes *w, float *u, long step, int channel,
                           int stream) {
  for (int i = 0; i < w->count; i++)
    for (int part = 0; part < block_floats; part += VECTOR_FLOATS) {
      vec in[3], out[winograd_depth_window];
      UNROLLED for (int d = 0; d < 3; d++) in[d] = vec_load(w->planes[d] + i * block_floats + part);
      transform_axis(depth->weight, 0, depth->products, 3, in, 1, out, 1);
      UNROLLED for (int q = 0; q < depth->products; q++) {
        float *to = u + (q * w->count + i) * step + part;
        if (stream) vec_stream(to, out[q]);
        else weights_store(to, out[q], channel);
      }
    }
}

/// A call of `winograd_weights`.
typedef struct {
  const winograd_plan *plan;
  const float *weights;
  int channels, out_channels, stream;
  float *u;
} weights_call;

/// One source channel into its row of U, `channel` among those of the row.
static void weights_row(const weights_call *c, long block, long row, int channel, weights_planes *w) {
  const winograd_plan *p = c->plan;
  const winograd_scheme *k = winograd_schemes[p->scheme];
  const int targets = p->backward ? c->channels : c->out_channels;
  const int sources = p->backward ? c->out_channels : c->channels;
  const long source = row * lane_channels + channel;
  const int lanes = source < sources ? weights_lanes(targets, block * block_floats) : 0;
  const weights_place place = weights_locate(p, c->channels, block * block_floats, source);
  const long plane = (long)p->source_lanes * block_floats, step = p->depth_taps * plane;
  float *to = c->u + block * p->products * step + row * block_floats;
  for (int depth = 0; depth < p->kernel_depth; depth++) {
    weights_gather(p, c->weights + place.offset, place.step, lanes, depth, w->taps);
    if (p->planes > 1) weights_transform(k, w->taps, w->planes[depth], block_floats, -1);
    else weights_transform(k, w->taps, to + depth * plane, step, channel);
  }
  if (p->planes > 1) WITH_DEPTH(p, weights_deepen, w, to, step, channel, c->stream);
}

/// U[target block][product][depth tap][row][block].
static void winograd_weights(const winograd_plan *p, const float *weights, int channels, int out_channels, float *u,
                             long first, long last) {
  const int stream = lane_channels == 1 && vec_should_stream(u, winograd_weight_floats(p));
  const weights_call call = {p, weights, channels, out_channels, stream, u};
  weights_planes w = {.count = p->products / p->planes};
  for (long item = first; item < last; item++)
    for (int channel = 0; channel < lane_channels; channel++)
      weights_row(&call, item / p->source_lanes, item % p->source_lanes, channel, &w);
  stream_fence();
}
