// The microkernel: up to TILE_VOXELS voxels x two vectors of output channels in registers, summed over a list of taps.
//
//   A (activations): blocks of `depth` channels; `step` floats between voxels, `channel_step` between channels
//   B (weights):     [block][depth][block_floats], streamed in order
//
// 14 x 2 accumulators + 2 weights + 1 broadcast = 31 of AVX-512's 32 registers; 6 x 2 + 2 + 1 = 15 of AVX2's 16.
#pragma once
#include "vector.h"

#ifndef TILE_PRODUCT
#define TILE_PRODUCT(x, w, sum) vec_fma(x, w, sum)
#endif

/// One tap of a row: where its activations and weights start, and which target columns it reaches.
typedef struct {
  const float *a, *b;
  int low, high;
} tile_tap;

/// What a tile is told beside its taps.
typedef struct {
  int blocks;                                   // blocks of `depth` channels
  long block_step, offset;                      // floats from block to block of A, and to the tile's first voxel
  const convolution_finish *finish;             // or NULL
  long channel;                                 // of the target, the tile's first
  int accumulate, stream;                       // add to the target; store past the caches
  int is_half;                                  // the target holds halves
  void *target;
  long target_step;                             // numbers from target voxel to target voxel
} tile_job;

INLINE void tile_sum(const int voxels, const int vectors, const int step, const int channel_step,
                     const int depth, const tile_tap *taps, int count, const tile_job *job, vec sum[TILE_VOXELS][2]) {
  UNROLLED for (int v = 0; v < voxels; v++) UNROLLED for (int i = 0; i < vectors; i++) sum[v][i] = (vec)(0.0f);
  for (int t = 0; t < count; t++) {
    const float *a = taps[t].a + job->offset, *b = taps[t].b;
    for (int block = 0; block < job->blocks; block++, a += job->block_step, b += depth * block_floats) {
      _Pragma("clang loop unroll_count(4)") for (int k = 0; k < depth; k++) {
        vec w[2];
        UNROLLED for (int i = 0; i < vectors; i++) w[i] = vec_load(b + k * block_floats + i * VECTOR_FLOATS);
        UNROLLED for (int v = 0; v < voxels; v++) {
          const vec x = (vec)(a[v * step + k * channel_step]);
          UNROLLED for (int i = 0; i < vectors; i++) sum[v][i] = TILE_PRODUCT(x, w[i], sum[v][i]);
        }
      }
    }
  }
}

/// Stores a finished tile; halves are streamed by whole cache lines, of tiles two vectors wide.
INLINE void tile_store(const int voxels, const int vectors, const int is_half, const tile_job *job,
                       vec sum[TILE_VOXELS][2]) {
  UNROLLED for (int v = 0; v < voxels; v++) {
    const long to = v * job->target_step;
    UNROLLED for (int i = 0; i < vectors; i++) {
      if (job->accumulate) sum[v][i] += vec_read(job->target, to + i * VECTOR_FLOATS, is_half);
      if (job->finish) sum[v][i] = vec_finish(sum[v][i], job->finish, job->channel + i * VECTOR_FLOATS);
      if (is_half && job->stream) continue;
      if (job->stream) vec_stream((float *)job->target + to + i * VECTOR_FLOATS, sum[v][i]);
      else vec_write(job->target, to + i * VECTOR_FLOATS, sum[v][i], is_half);
    }
    if (is_half && job->stream) vec_stream_halves((uint16_t *)job->target + to, sum[v][0], sum[v][vectors - 1]);
  }
}

INLINE void tile_run(const int voxels, const int vectors, const int step, const int channel_step,
                     const int depth, const tile_tap *taps, int count, const tile_job *job) {
  vec sum[TILE_VOXELS][2];
  tile_sum(voxels, vectors, step, channel_step, depth, taps, count, job, sum);
  if (job->is_half) tile_store(voxels, vectors, 1, job, sum);
  else tile_store(voxels, vectors, 0, job, sum);
}

typedef void tile_function(const tile_tap *taps, int count, const tile_job *job);

// One function per number of voxels, so that the accumulators stay in registers.
#define TILE(name, voxels, vectors, step, channel_step, depth)                                                        \
  static __attribute__((noinline)) void name##voxels(const tile_tap *taps, int count, const tile_job *job) {          \
    tile_run(voxels, vectors, step, channel_step, depth, taps, count, job);                                           \
  }
#define TILES_TO_6(make, ...)                                                                                         \
  make(__VA_ARGS__, 1) make(__VA_ARGS__, 2) make(__VA_ARGS__, 3) make(__VA_ARGS__, 4) make(__VA_ARGS__, 5)            \
  make(__VA_ARGS__, 6)
#define TILES_TO_14(make, ...)                                                                                        \
  TILES_TO_6(make, __VA_ARGS__)                                                                                       \
  make(__VA_ARGS__, 7) make(__VA_ARGS__, 8) make(__VA_ARGS__, 9) make(__VA_ARGS__, 10) make(__VA_ARGS__, 11)          \
  make(__VA_ARGS__, 12) make(__VA_ARGS__, 13) make(__VA_ARGS__, 14)
#define TILE_ENTRY(name, voxels) name##voxels,
#define TILE_WIDE(name, voxels) TILE(name, voxels, 2, 16, 1, 16)
#define TILE_NARROW(name, voxels) TILE(name, voxels, 1, 16, 1, 16)
#define TILE_PLANAR(name, voxels) TILE(name, voxels, 2, 1, 1, 1)
#define TILE_PLANAR_NARROW(name, voxels) TILE(name, voxels, 1, 1, 1, 1)
#define TILE_TABLE(name, make)                                                                                        \
  TILES(make, name) static tile_function *const name[TILE_VOXELS + 1] = {NULL, TILES(TILE_ENTRY, name)};

/// The even split of `count` voxels into tiles: 13 + 13 rather than 14 + 12.
INLINE int tile_start(int count, int tiles, int index) { return (int)((long)count * index / tiles); }
