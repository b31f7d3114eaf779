// The microkernel of weight gradients: GRADIENT_CHANNELS input channels x two vectors of output channels in registers.
#pragma once
#include "convolution.h"
#include "vector.h"

// With VOXEL_PAIR, an element of x and dy holds two neighbouring voxels rounded to bfloat16: of x every voxel with the
// next one, of dy every second voxel with the next one.
#ifdef VOXEL_PAIR
enum { gradient_step = 2 };
#else
enum { gradient_step = 1 };
#define GRADIENT_PRODUCT(x, y, sum) vec_fma(x, y, sum)
#endif

/// The rows of one tap: where each starts in the packed source and in packed dy.
typedef struct {
  int count;
  const float *x[convolution_max_band], *dy[convolution_max_band];
} gradient_rows;

/// sums[channel][block] += x[row][v][channel] * dy[row][v], over `count` rows and the columns low ..< high; with pairs,
/// `low` is even.
static __attribute__((noinline)) void gradient_tile(const gradient_rows *rows, long x_offset, int low, int high,
                                                    float *sums) {
  vec sum[GRADIENT_CHANNELS][2];
  UNROLLED for (int c = 0; c < GRADIENT_CHANNELS; c++) sum[c][0] = sum[c][1] = (vec)(0.0f);
  for (int row = 0; row < rows->count; row++) {
    const float *x = rows->x[row] + x_offset + low * 16, *dy = rows->dy[row] + (long)low / gradient_step * block_floats;
    _Pragma("clang loop unroll_count(2)")
    for (int v = low; v < high; v += gradient_step, x += 16 * gradient_step, dy += block_floats) {
      const vec y0 = vec_load(dy), y1 = vec_load(dy + VECTOR_FLOATS);
      UNROLLED for (int c = 0; c < GRADIENT_CHANNELS; c++) {
        sum[c][0] = GRADIENT_PRODUCT((vec)(x[c]), y0, sum[c][0]);
        sum[c][1] = GRADIENT_PRODUCT((vec)(x[c]), y1, sum[c][1]);
      }
    }
  }
  UNROLLED for (int c = 0; c < GRADIENT_CHANNELS; c++) UNROLLED for (int i = 0; i < 2; i++) {
    float *to = sums + c * block_floats + i * VECTOR_FLOATS;
    vec_store(to, vec_load(to) + sum[c][i]);
  }
}
