// The micro-kernel of convolutions and matrix products: up to tile_voxels voxels x two vectors of output channels
// stay in registers while the sum runs over a list of taps and their input channels.
//
//   A (activations): blocks of `depth` channels; `step` floats between voxels, `channel_step` between channels
//   B (weights):     [block][depth][block_floats], read in order
//
// AVX-512 has 32 registers: 14 x 2 sums + 2 weights + 1 activation = 31. AVX2 has 16: 6 x 2 + 2 + 1 = 15.
#pragma once
#include "../simd/stream.h"
#include "ahead.h"
#include "convolution.h"

enum { block_floats = 2 * VECTOR_FLOATS };  // output channels of a tile, and of a packed block of weights
// `make` for every number of voxels that a tile may have.
// clang-format off
#if VECTOR_FLOATS == 16
enum { tile_voxels = 14 };
#define FOR_EACH_TILE_SIZE(make, ...)                                                                       \
  make(__VA_ARGS__, 1) make(__VA_ARGS__, 2) make(__VA_ARGS__, 3) make(__VA_ARGS__, 4) make(__VA_ARGS__, 5)  \
  make(__VA_ARGS__, 6) make(__VA_ARGS__, 7) make(__VA_ARGS__, 8) make(__VA_ARGS__, 9) make(__VA_ARGS__, 10) \
  make(__VA_ARGS__, 11) make(__VA_ARGS__, 12) make(__VA_ARGS__, 13) make(__VA_ARGS__, 14)
#else
enum { tile_voxels = 6 };
#define FOR_EACH_TILE_SIZE(make, ...)                                                                       \
  make(__VA_ARGS__, 1) make(__VA_ARGS__, 2) make(__VA_ARGS__, 3) make(__VA_ARGS__, 4) make(__VA_ARGS__, 5)  \
  make(__VA_ARGS__, 6)
#endif
// clang-format on

/// One tap of a row: where its activations and weights start, and which target columns it reaches.
typedef struct {
  const float *a, *b;
  int low, high;
} tile_tap;

/// What a tile is told beside its taps.
typedef struct {
  int blocks;                        // blocks of `depth` channels
  long block_step, offset;           // floats from block to block of A, and to the tile's first voxel
  const convolution_finish *finish;  // or NULL
  long channel;                      // of the target, the tile's first
  int accumulate, stream;            // add to the target; store past the caches
  int is_bfloat16;                   // what the target holds
  void *target;
  long target_step;     // numbers from target voxel to target voxel
  memory_ahead *ahead;  // what `fetching` tiles fetch meanwhile
} tile_job;

/// sum * scale + bias, then the ReLU, of the channels from `channel` on.
INLINE vec vec_finish(vec sum, const convolution_finish *f, long channel) {
  const vec bias = f->bias ? vec_load(f->bias + channel) : (vec)(0.0f);
  sum = f->scale ? vec_fma(sum, vec_load(f->scale + channel), bias) : sum + bias;
  return f->rectify ? (sum < 0 ? (vec)(0.0f) : sum) : sum;
}

/// What a micro-kernel asks for meanwhile: nothing, a line of `tile_job.ahead` now and then, the weights that follow, or the
/// next tile's operand.
enum { fetch_nothing, fetch_ahead, fetch_weights, fetch_next };
/// How many rows of weights before their use: 16 KB (8 KB in AVX2), so that they come from memory while a page is multiplied.
enum { weight_rows_ahead = 128 };

INLINE void tile_sum(const int voxels, const int vectors, const int step, const int channel_step, const int depth,
                     const int fetching, const tile_tap *taps, int count, const tile_job *job,
                     vec sum[tile_voxels][2]) {
  UNROLLED for (int v = 0; v < voxels; v++) UNROLLED for (int i = 0; i < vectors; i++) sum[v][i] = (vec)(0.0f);
  for (int t = 0; t < count; t++) {
    const float *a = taps[t].a + job->offset, *b = taps[t].b;
    for (int block = 0; block < job->blocks; block++, a += job->block_step, b += depth * block_floats) {
      _Pragma("clang loop unroll_count(4)") for (int k = 0; k < depth; k++) {
        if (fetching == fetch_ahead && k % steps_per_line == 0) prefetch_line(job->ahead);
        if (fetching == fetch_weights) UNROLLED for (int i = 0; i < block_floats; i += 16)
            __builtin_prefetch(b + (k + weight_rows_ahead) * block_floats + i, 0, 2);
        vec w[2];
        UNROLLED for (int i = 0; i < vectors; i++) w[i] = vec_load(b + k * block_floats + i * VECTOR_FLOATS);
        UNROLLED for (int v = 0; v < voxels; v++) {
          const vec x = (vec)(a[v * step + k * channel_step]);
          UNROLLED for (int i = 0; i < vectors; i++) sum[v][i] = vec_product(x, w[i], sum[v][i]);
        }
      }
    }
  }
}

/// Stores a finished tile. bfloat16 numbers are streamed by whole cache lines, which tiles two vectors wide fill.
INLINE void tile_store(const int voxels, const int vectors, const int is_bfloat16, const tile_job *job,
                       vec sum[tile_voxels][2]) {
  UNROLLED for (int v = 0; v < voxels; v++) {
    const long to = v * job->target_step;
    UNROLLED for (int i = 0; i < vectors; i++) {
      if (job->accumulate) sum[v][i] += vec_load_any(job->target, to + i * VECTOR_FLOATS, is_bfloat16);
      if (job->finish) sum[v][i] = vec_finish(sum[v][i], job->finish, job->channel + i * VECTOR_FLOATS);
      if (is_bfloat16 && job->stream) continue;
      if (job->stream) vec_stream((float *)job->target + to + i * VECTOR_FLOATS, sum[v][i]);
      else vec_store_any(job->target, to + i * VECTOR_FLOATS, sum[v][i], is_bfloat16);
    }
    if (is_bfloat16 && job->stream) vec_stream_bfloat16((uint16_t *)job->target + to, sum[v][0], sum[v][vectors - 1]);
  }
}

/// Whether a finished tile is stored, or added, as it is, in floats. Asking that once, and not for every vector, saves a
/// twentieth of a sum over 32 channels.
INLINE int tile_is_plain(const tile_job *job) { return !(job->stream | job->is_bfloat16) && !job->finish; }

INLINE void tile_store_plain(const int voxels, const int vectors, const int accumulate, float *target, long step,
                             vec sum[tile_voxels][2]) {
  UNROLLED for (int v = 0; v < voxels; v++) UNROLLED for (int i = 0; i < vectors; i++) {
    float *to = target + v * step + i * VECTOR_FLOATS;
    vec_store(to, accumulate ? sum[v][i] + vec_load(to) : sum[v][i]);
  }
}

INLINE void tile_run(const int voxels, const int vectors, const int step, const int channel_step, const int depth,
                     const int fetching, const tile_tap *taps, int count, const tile_job *job) {
  vec sum[tile_voxels][2];
  tile_sum(voxels, vectors, step, channel_step, depth, fetching, taps, count, job, sum);
  const int is_plain = tile_is_plain(job);
  if (is_plain && job->accumulate) tile_store_plain(voxels, vectors, 1, job->target, job->target_step, sum);
  else if (is_plain) tile_store_plain(voxels, vectors, 0, job->target, job->target_step, sum);
  else if (job->is_bfloat16) tile_store(voxels, vectors, 1, job, sum);
  else tile_store(voxels, vectors, 0, job, sum);
}

// ---- One function per number of voxels, because the sums stay in registers only if their number is a constant

typedef void tile_function(const tile_tap *taps, int count, const tile_job *job);

#define TILE_OF(name, voxels, vectors, step, channel_step, depth, fetching)                                  \
  static __attribute__((noinline)) void name##voxels(const tile_tap *taps, int count, const tile_job *job) { \
    tile_run(voxels, vectors, step, channel_step, depth, fetching, taps, count, job);                        \
  }
#define TILE(name, voxels, vectors, step, channel_step, depth) \
  TILE_OF(name, voxels, vectors, step, channel_step, depth, fetch_nothing)
#define TILE_ENTRY(name, voxels) name##voxels,
/// A table of tile functions by number of voxels.
#define TILE_TABLE(name, make)   \
  FOR_EACH_TILE_SIZE(make, name) \
  static tile_function *const name[tile_voxels + 1] = {NULL, FOR_EACH_TILE_SIZE(TILE_ENTRY, name)};

// Activations in blocks of 16 channels, [block][voxel][16]. `narrow`: 16 channels are left over, half a block of
// AVX-512's.
#define TILE_WIDE(name, voxels) TILE(name, voxels, 2, 16, 1, 16)
#define TILE_NARROW(name, voxels) TILE(name, voxels, 1, 16, 1, 16)
TILE_TABLE(tile_wide, TILE_WIDE)
#if VECTOR_FLOATS == 16
TILE_TABLE(tile_narrow, TILE_NARROW)
#else
#define tile_narrow tile_wide
#endif

/// The table for a block of which `lanes` output channels exist: all of it, or 16.
INLINE tile_function *const *tile_block_table(int lanes) { return lanes < block_floats ? tile_narrow : tile_wide; }

/// The even split of `count` voxels into tiles: 13 + 13 rather than 14 + 12.
INLINE int tile_count(int count) { return (count + tile_voxels - 1) / tile_voxels; }
INLINE int tile_start(int count, int tiles, int index) { return (int)((long)count * index / tiles); }

// ---- The micro-kernel of weight gradients
//
// outer_channels input channels x two vectors of output channels stay in registers while the sum of outer products runs
// over voxels. Where a lane holds two bfloat16 numbers (LANE_PAIRS), they are two neighbouring voxels: of x every voxel
// with the next one, of dy every second voxel with the next one.

enum { outer_channels = VECTOR_FLOATS == 16 ? 8 : 4 };
enum { outer_step = LANE_PAIRS ? 2 : 1 };  // voxels that a product sums

/// The rows of one tap: where each starts in the packed source and in packed dy.
typedef struct {
  int count;
  const float *x[convolution_max_band], *dy[convolution_max_band];
} outer_rows;

/// `next`: floats from x to that of the next tile.
INLINE void outer_sum(const int fetching, const outer_rows *rows, long x_offset, int low, int high, float *sums,
                      memory_ahead *ahead, long next) {
  vec sum[outer_channels][2];
  UNROLLED for (int c = 0; c < outer_channels; c++) sum[c][0] = sum[c][1] = (vec)(0.0f);
  for (int row = 0; row < rows->count; row++) {
    const float *x = rows->x[row] + x_offset + low * 16, *dy = rows->dy[row] + (long)low / outer_step * block_floats;
    _Pragma("clang loop unroll_count(2)") for (int v = low; v < high;
                                               v += outer_step, x += 16 * outer_step, dy += block_floats) {
      if (fetching == fetch_ahead && v % steps_per_line == 0) prefetch_line(ahead);
      if (fetching == fetch_next) UNROLLED for (int i = 0; i < outer_step; i++)
          __builtin_prefetch(x + next + i * 16, 0, 3);
      const vec y0 = vec_load(dy), y1 = vec_load(dy + VECTOR_FLOATS);
      UNROLLED for (int c = 0; c < outer_channels; c++) {
        sum[c][0] = vec_product((vec)(x[c]), y0, sum[c][0]);
        sum[c][1] = vec_product((vec)(x[c]), y1, sum[c][1]);
      }
    }
  }
  UNROLLED for (int c = 0; c < outer_channels; c++) UNROLLED for (int i = 0; i < 2; i++) {
    float *to = sums + c * block_floats + i * VECTOR_FLOATS;
    vec_store(to, vec_load(to) + sum[c][i]);
  }
}

/// sums[channel][block] += x[row][v][channel] * dy[row][v], over all rows and the columns low ..< high; with pairs,
/// `low` is even.
static __attribute__((noinline)) void outer_tile(const outer_rows *rows, long x_offset, int low, int high,
                                                 float *sums) {
  outer_sum(fetch_nothing, rows, x_offset, low, high, sums, NULL, 0);
}
