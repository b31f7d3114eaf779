// 1x1x1 forward and backward input: groups of voxels are packed slab by slab of channels, and multiplied by all
// weights.
#pragma once
#include "../../gemm/microkernel.h"
#include "blocks.h"
#include "cpu_kernels.h"

/// Memory that will be needed soon, to be fetched while something else is computed: rows of voxels are too far apart,
/// and the packing of a group too short, for the processor to foresee them.
typedef struct {
  const float *row;
  long step;  // floats from row to row
  long rows;
  int lines, line;  // cache lines of a row, and the next one of them
} memory_ahead;

static inline void prefetch_lines(memory_ahead *a, int count) {
  for (; count > 0 && a->rows > 0; count--) {
    __builtin_prefetch(a->row + a->line * 16, 0, 2);
    if (++a->line < a->lines) continue;
    a->line = 0;
    a->row += a->step;
    a->rows--;
  }
}

/// Voxels, 16 channels at a time, as [channel block][voxel][16], `block_step` floats from block to block.
INLINE void conv1x1_pack(const float *from, long step, long voxels, int blocks, float *to, long block_step) {
  for (long v = 0; v < voxels; v++, from += step, to += 16)
    for (int block = 0; block < blocks; block++)
      UNROLLED for (int i = 0; i < 16; i += VECTOR_FLOATS)
          vec_store(to + block * block_step + i, vec_load(from + block * 16 + i));
}

/// What stays the same while a worker gathers.
typedef struct {
  const conv1x1_plan *plan;
  const float *packed_weights;
  const convolution_finish *finish;
  float *target;
  int accumulate, stream;
} conv1x1_state;

/// One slab of a group, tile after tile as [channel block][voxel][16], so that the microkernel reads in one stream.
static void conv1x1_pack_slab(const conv1x1_plan *p, const float *from, int voxels, int slab, float *packed) {
  const int tiles = tile_count(voxels);
  for (int i = 0; i < tiles; i++) {
    const int first = tile_start(voxels, tiles, i), count = tile_start(voxels, tiles, i + 1) - first;
    const float *tile = from + (long)first * p->source_channels;
    conv1x1_pack(tile, p->source_channels, count, slab / 16, packed + (long)first * slab, 16L * count);
  }
}

/// One slab of a packed group: every block of target channels, every tile of voxels.
static void conv1x1_slab(const conv1x1_state *state, const float *packed, long voxel, int voxels, int channel,
                         memory_ahead *ahead) {
  const conv1x1_plan *p = state->plan;
  const int slab = p->source_channels - channel < p->slab ? p->source_channels - channel : p->slab;
  const int tiles = tile_count(voxels), calls = tiles * conv1x1_blocks(p);
  const int lines = (int)((ahead->rows * ahead->lines + calls - 1) / calls);
  tile_job job = {.blocks = slab / 16,
                  .accumulate = state->accumulate || channel > 0,
                  .finish = channel + slab == p->source_channels ? state->finish : NULL,
                  .stream = state->stream,
                  .target_step = p->target_channels};
  for (int block = 0; block < conv1x1_blocks(p); block++) {
    const long first_channel = (long)block * block_floats;
    const tile_tap tap = {.a = packed,
                          .b = state->packed_weights + ((long)block * p->source_channels + channel) * block_floats};
    tile_function *const *table = tile_block_table(p->target_channels - (int)first_channel);
    job.channel = first_channel;
    for (int i = 0; i < tiles; i++) {
      const int first = tile_start(voxels, tiles, i), last = tile_start(voxels, tiles, i + 1);
      job.offset = (long)first * slab;
      job.block_step = (last - first) * 16L;
      job.target = state->target + (voxel + first) * p->target_channels + first_channel;
      prefetch_lines(ahead, lines);
      table[last - first](&tap, 1, &job);
    }
  }
}

static void conv1x1_gather(const conv1x1_plan *p, const convolution_call *call, long first, long last, float *scratch) {
  const float *source = call->source.at;
  float *target = call->target.at;
  const long channels = p->source_channels, floats = p->voxels * p->target_channels;
  const int stream = !call->accumulate && channels <= p->slab && vec_should_stream(target, floats);
  const conv1x1_state state = {p, call->weights, call->finish, target, call->accumulate, stream};
  const long end = last * tile_voxels < p->voxels ? last * tile_voxels : p->voxels;
  for (long voxel = first * tile_voxels; voxel < end; voxel += p->group) {
    const int voxels = end - voxel < p->group ? (int)(end - voxel) : p->group;
    const long next = voxel + voxels, rest = end - next < p->group ? end - next : p->group;
    for (int channel = 0; channel < channels; channel += p->slab) {
      const int slab = channels - channel < p->slab ? (int)(channels - channel) : p->slab;
      const int is_last = channel + slab == channels;
      memory_ahead ahead = {source + next * channels, channels, is_last ? rest : 0, (int)channels / 16, 0};
      conv1x1_pack_slab(p, source + voxel * channels + channel, voxels, slab, scratch);
      conv1x1_slab(&state, scratch, voxel, voxels, channel, &ahead);
    }
  }
  stream_fence();
}
