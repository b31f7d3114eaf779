// The micro-kernel of weight gradients: outer_channels input channels x two vectors of output channels stay in
// registers while the sum of outer products runs over voxels.
//
// Where a lane holds two bfloat16 numbers (LANE_PAIRS), they are two neighbouring voxels: of x every voxel with the
// next one, of dy every second voxel with the next one.
#pragma once
#include "microkernel.h"

enum { outer_channels = VECTOR_FLOATS == 16 ? 8 : 4 };
enum { outer_step = LANE_PAIRS ? 2 : 1 };  // voxels that a product sums

/// The rows of one tap: where each starts in the packed source and in packed dy.
typedef struct {
  int count;
  const float *x[convolution_max_band], *dy[convolution_max_band];
} outer_rows;

/// sums[channel][block] += x[row][v][channel] * dy[row][v], over all rows and the columns low ..< high; with pairs,
/// `low` is even.
static __attribute__((noinline)) void outer_tile(const outer_rows *rows, long x_offset, int low, int high,
                                                 float *sums) {
  vec sum[outer_channels][2];
  UNROLLED for (int c = 0; c < outer_channels; c++) sum[c][0] = sum[c][1] = (vec)(0.0f);
  for (int row = 0; row < rows->count; row++) {
    const float *x = rows->x[row] + x_offset + low * 16, *dy = rows->dy[row] + (long)low / outer_step * block_floats;
    _Pragma("clang loop unroll_count(2)") for (int v = low; v < high;
                                               v += outer_step, x += 16 * outer_step, dy += block_floats) {
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
