// Softmax over rows of scores, forward and backward. The sums are in double.
#pragma once
#include "../simd/math.h"
#include "cpu_kernels.h"

/// Sixteen columns of a row, `filler` past its end.
INLINE vec16 row_load(const float *row, long columns, long column, float filler) {
  if (columns - column >= 16) return load(row + column);
  vec16 v = splat(filler);
  memcpy(&v, row + column, sizeof(float) * (size_t)(columns - column));
  return v;
}

/// The same back; what is past the row's end stays.
INLINE void row_store(float *row, long columns, long column, vec16 v) {
  if (columns - column >= 16) store(row + column, v);
  else memcpy(row + column, &v, sizeof(float) * (size_t)(columns - column));
}

static void softmax_rows(float *scores, long rows, long columns, long stride) {
  for (long r = 0; r < rows; r++) {
    float *row = scores + r * stride;
    vec16 largest = splat(row[0]);
    for (long c = 0; c < columns; c += 16) {
      const vec16 v = row_load(row, columns, c, row[0]);
      largest = select16(largest < v, v, largest);
    }
    const float top = largest_lane(largest);
    double8 sum = {};
    for (long c = 0; c < columns; c += 16) {
      const vec16 v = exp_portable(row_load(row, columns, c, top) - top);
      const vec16 existing = keep(first_lanes(columns - c), v);
      row_store(row, columns, c, existing);
      sum += low_doubles(existing) + high_doubles(existing);
    }
    const float inverse = (float)(1 / double_sum(sum));
    for (long c = 0; c < columns; c++) row[c] *= inverse;
  }
}

static void softmax_backward(const float *p, float *dp, long rows, long columns, long stride) {
  for (long r = 0; r < rows; r++) {
    const float *weight = p + r * stride;
    float *gradient = dp + r * stride;
    double8 sum = {};
    for (long c = 0; c < columns; c += 16) {
      const vec16 a = row_load(weight, columns, c, 0), b = row_load(gradient, columns, c, 0);
      sum += low_doubles(a) * low_doubles(b) + high_doubles(a) * high_doubles(b);
    }
    const float mean = (float)double_sum(sum);
    for (long c = 0; c < columns; c++) gradient[c] = weight[c] * (gradient[c] - mean);
  }
}

static const softmax_kernels softmax = {softmax_rows, softmax_backward};
