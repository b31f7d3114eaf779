// Shapes and sizes of the 1x1x1 kernels; nothing here depends on the instruction set.
#include "blocks.h"
#include <string.h>

static int padded(int channels) { return (channels + 15) / 16 * 16; }
static int least(int a, int b) { return a < b ? a : b; }

/// Floats of a group of voxels, and of a chunk of both operands of a weight gradient: a share of a core's own cache.
enum { group_floats = 48 << 10, chunk_floats = 96 << 10 };
/// Source channels summed in registers.
enum { slab_channels = 512 };

/// `wanted`, but from `low` to `high`, and a multiple of `step`.
static int between(int low, int wanted, int high, int step) {
  const int value = wanted < low ? low : least(wanted, high);
  return (value + step - 1) / step * step;
}

conv1x1_plan conv1x1_make_plan(const convolution_shape *s, int backward, int block, int tile) {
  conv1x1_plan p = {.voxels = (long)s->batch * s->out[0] * s->out[1] * s->out[2], .backward = backward, .block = block};
  p.source_channels = padded(backward ? s->out_channels : s->channels);
  p.target_channels = padded(backward ? s->channels : s->out_channels);
  p.slab = least(p.source_channels, slab_channels);
  p.group = between(3 * tile, group_floats / p.source_channels, 20 * tile, tile);
  p.chunk = between(64, chunk_floats / (p.source_channels + p.target_channels), 192, 16);
  return p;
}

long conv1x1_items(const conv1x1_plan *p, int tile) { return (p->voxels + tile - 1) / tile; }
long conv1x1_scratch(const conv1x1_plan *p) { return (long)p->group * p->slab; }
long conv1x1_pack_items(const conv1x1_plan *p) { return (long)conv1x1_blocks(p) * conv1x1_sources(p); }
long conv1x1_packed_floats(const conv1x1_plan *p) { return conv1x1_pack_items(p) * 16 * p->block; }

long conv1x1_gradient_items(const conv1x1_plan *p) { return (long)conv1x1_blocks(p) * conv1x1_sources(p); }

long conv1x1_gradient_scratch(const conv1x1_plan *p) {
  return (long)p->chunk * (p->slab + (long)conv1x1_blocks(p) * p->block);
}

void conv1x1_unpack_gradient(const convolution_shape *s, const conv1x1_plan *p, const float *sums, float *dweights,
                             long first, long last) {
  for (long item = first; item < last; item++) {
    const conv1x1_place place = conv1x1_place_of(p, item);
    const int lanes = least(s->out_channels - place.block * p->block, p->block);
    const int count = least(s->channels - place.source * 16, 16);
    for (int lane = 0; lane < lanes; lane++) {
      float *to = dweights + ((long)place.block * p->block + lane) * s->channels + place.source * 16;
      for (int i = 0; i < count; i++) to[i] = sums[(item * 16 + i) * p->block + lane];
    }
  }
}
