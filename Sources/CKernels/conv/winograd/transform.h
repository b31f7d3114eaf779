// The transforms in vectors of channels. `scheme` is a constant everywhere, so that unrolling folds the matrices into
// additions and few multiplications.
#pragma once
#include "../../gemm/microkernel.h"
#include "../../simd/source.h"
#include "schemes.h"

/// Source channels that a lane of V holds; with two of them, 16 channels are eight lanes.
enum { lane_channels = LANE_PAIRS ? 2 : 1 };

/// As floats, or (`lane`) as lanes of V.
INLINE void transform_store(float *to, vec v, const int lane) {
#if LANE_PAIRS
  if (lane) vec_store_any(to, 0, v, 1);
  else vec_store(to, v);
#else
  (void)lane;
  vec_store(to, v);
#endif
}

/// out = matrix in, or its transpose; multiplications by 0, 1 and -1 disappear.
INLINE void transform_axis(const float *matrix, const int transposed, const int rows, const int columns, const vec *in,
                           const int in_step, vec *out, const int out_step) {
  UNROLLED for (int r = 0; r < rows; r++) {
    vec sum = (vec)(0.0f);
    int is_empty = 1;
    UNROLLED for (int c = 0; c < columns; c++) {
      const float k = transposed ? matrix[c * rows + r] : matrix[r * columns + c];
      const vec x = in[c * in_step];
      if (k == 0) continue;
      if (is_empty) sum = k == 1 ? x : k == -1 ? -x : x * k;
      else sum = k == 1 ? sum + x : k == -1 ? sum - x : vec_fma(x, (vec)(k), sum);
      is_empty = 0;
    }
    out[r * out_step] = sum;
  }
}

/// One plane of an activation, or every r-th voxel of every r-th row of one.
typedef struct {
  const void *at;
  long first;  // number where the plane starts
  int height, width;
  long row_step, column_step, slice_step;  // numbers
  int kind;                                // of the source
  activation_norm norm;                    // of the plane's first channel
} transform_source;

/// A column of `size` voxels from (h, w) on, channels `part` onward, zeros outside.
INLINE void transform_load(const transform_source *s, const int kind, const source_norm *norm, const int part,
                           const int size, int h, int w, vec *column) {
  const long from = s->first + part + h * s->row_step + w * s->column_step;
  const int inside = h >= 0 && w >= 0 && w < s->width && h + size <= s->height;
  if (inside) {
    UNROLLED for (int i = 0; i < size; i++) column[i] = source_load(s->at, from + i * s->row_step, kind, norm);
    return;
  }
  for (int i = 0; i < size; i++) {
    const int exists = h + i >= 0 && h + i < s->height && w >= 0 && w < s->width;
    column[i] = exists ? source_load(s->at, from + i * s->row_step, kind, norm) : (vec)(0.0f);
  }
}

/// The window at (h, w), 16 channels of it, transformed both ways: rows x rows results, `step` floats apart.
INLINE void transform_window(const float *matrix, const int transposed, const int rows, const int size,
                             const transform_source *s, const int kind, int h, int w, const int lane, float *to,
                             long step) {
  UNROLLED for (int part = 0; part < 16; part += VECTOR_FLOATS) {
    const source_norm norm = source_norm_of(&s->norm, part, kind);
    vec column[winograd_window], half[winograd_products * winograd_window];
    UNROLLED for (int j = 0; j < size; j++) {
      transform_load(s, kind, &norm, part, size, h, w + j, column);
      transform_axis(matrix, transposed, rows, size, column, 1, half + j, size);
    }
    UNROLLED for (int i = 0; i < rows; i++) {
      vec row[winograd_products];
      transform_axis(matrix, transposed, rows, size, half + i * size, 1, row, 1);
      UNROLLED for (int j = 0; j < rows; j++) transform_store(to + part + (i * rows + j) * step, row[j], lane);
    }
  }
}

/// Where a tile of the target goes: `height` x `width` of its voxels exist.
typedef struct {
  void *at;
  long first;  // number where the tile starts
  long row_step, column_step, slice_step;
  int height, width, accumulate, stream;
  const convolution_finish *finish;
  long channel;  // the first
} transform_target;

/// One vector of channels: sums back to a tile of the target.
INLINE void transform_back(const winograd_scheme *scheme, const float *sums, long step, const transform_target *t,
                           const int is_bfloat16) {
  const int outputs = scheme->outputs, count = scheme->sums;
  vec column[winograd_products], half[winograd_outputs * winograd_products];
  UNROLLED for (int j = 0; j < count; j++) {
    UNROLLED for (int i = 0; i < count; i++) column[i] = vec_load(sums + (i * count + j) * step);
    transform_axis(scheme->output, 0, outputs, count, column, 1, half + j, count);
  }
  UNROLLED for (int i = 0; i < outputs; i++) {
    vec row[winograd_outputs];
    transform_axis(scheme->output, 0, outputs, count, half + i * count, 1, row, 1);
    if (i >= t->height) continue;
    UNROLLED for (int j = 0; j < outputs; j++) {
      const long to = t->first + i * t->row_step + j * t->column_step;
      if (j >= t->width) continue;
      const vec sum = t->accumulate ? row[j] + vec_load_any(t->at, to, is_bfloat16) : row[j];
      const vec y = vec_finish(sum, t->finish, t->channel);
      if (t->stream && !is_bfloat16) vec_stream((float *)t->at + to, y);
      else vec_store_any(t->at, to, y, is_bfloat16);
    }
  }
}

typedef void window_function(const transform_source *s, int h, int w, float *to, long step);
typedef void back_function(const float *sums, long step, const transform_target *t);

/// Source windows of a scheme, as floats and as lanes of V.
typedef struct {
  window_function *floats, *lanes;
} winograd_windows;

/// Windows of dy (for weight gradients), and target tiles.
typedef struct {
  window_function *dy;
  back_function *target;
} winograd_transforms;

#define WINDOWS(name, kind)                                                                         \
  static void name##_floats_##kind(const transform_source *s, int h, int w, float *to, long step) { \
    transform_window(name.input, 0, name.products, name.window, s, kind, h, w, 0, to, step);        \
  }                                                                                                 \
  static void name##_lanes_##kind(const transform_source *s, int h, int w, float *to, long step) {  \
    transform_window(name.input, 0, name.products, name.window, s, kind, h, w, 1, to, step);        \
  }
#define WINDOWS_OF(name, kind) {name##_floats_##kind, name##_lanes_##kind}
#define TRANSFORMS(name, is_bfloat16)                                                                  \
  static void name##_dy_##is_bfloat16(const transform_source *s, int h, int w, float *to, long step) { \
    transform_window(name.output, 1, name.sums, name.outputs, s, is_bfloat16, h, w, 0, to, step);      \
  }                                                                                                    \
  static void name##_target_##is_bfloat16(const float *sums, long step, const transform_target *t) {   \
    transform_back(&name, sums, step, t, is_bfloat16);                                                 \
  }
#define TRANSFORMS_OF(name, is_bfloat16) {name##_dy_##is_bfloat16, name##_target_##is_bfloat16}

// The numbers are kinds of a source; nothing is normalised on the way back, so the last scheme has two of them.
#define READING_STORED(name) WINDOWS(name, 0) WINDOWS(name, 1) TRANSFORMS(name, 0) TRANSFORMS(name, 1)
#define READING_RAW(name) WINDOWS(name, 2) WINDOWS(name, 3)
READING_STORED(winograd_tile2)
READING_STORED(winograd_tile4)
READING_STORED(winograd_strided)
READING_STORED(winograd_strided_back)
READING_RAW(winograd_tile2)
READING_RAW(winograd_tile4)
READING_RAW(winograd_strided)

#define STORED_WINDOWS_OF(name) WINDOWS_OF(name, 0), WINDOWS_OF(name, 1)
#define ALL_WINDOWS_OF(name) {STORED_WINDOWS_OF(name), WINDOWS_OF(name, 2), WINDOWS_OF(name, 3)}
#define BOTH_TRANSFORMS_OF(name) {TRANSFORMS_OF(name, 0), TRANSFORMS_OF(name, 1)}

/// By scheme, and by the source's kind.
static const winograd_windows windows[][source_kinds] = {ALL_WINDOWS_OF(winograd_tile2),
                                                         ALL_WINDOWS_OF(winograd_tile4),
                                                         ALL_WINDOWS_OF(winograd_strided),
                                                         {STORED_WINDOWS_OF(winograd_strided_back)}};

/// By scheme, and by `is_bfloat16`.
static const winograd_transforms transforms[][2] = {
    BOTH_TRANSFORMS_OF(winograd_tile2), BOTH_TRANSFORMS_OF(winograd_tile4), BOTH_TRANSFORMS_OF(winograd_strided),
    BOTH_TRANSFORMS_OF(winograd_strided_back)};
