// Batch normalisation with an optional ReLU behind it: two passes forward, two backward. Included per instruction set.
//
//     y = (x - mean) scale + shift,  scale = gamma / sqrt(variance + epsilon),  shift = beta
//
// Backward recomputes y's sign from x with the forward's own expression, so y itself need not be kept. Each pass is
// written once, for a constant `is_half`, and compiled for x in floats and in halves.

INLINE void VARIANT(norm_sums_of)(const void *x, const int is_half, double *partials, long voxels, int stride,
                                  long first, long last) {
  for (long t = first; t < last; t++)
    for (int c = 0; c < stride; c += 16) {
      const long end = t * operations_tile + operations_tile < voxels ? t * operations_tile + operations_tile : voxels;
      wide low = {}, high = {}, low_squares = {}, high_squares = {};
      for (long v = t * operations_tile; v < end; v++) {
        const lanes value = READ(x, v * stride + c, is_half);
        const wide a = LOW_HALF(value), b = HIGH_HALF(value);
        low += a;
        high += b;
        low_squares += a * a;
        high_squares += b * b;
      }
      double *out = partials + t * 2 * stride + c;
      *(wide *)out = low;
      *(wide *)(out + 8) = high;
      *(wide *)(out + stride) = low_squares;
      *(wide *)(out + stride + 8) = high_squares;
    }
}

static void VARIANT(norm_sums)(activation_source x, double *partials, long voxels, int stride, long first, long last) {
  if (x.is_half) VARIANT(norm_sums_of)(x.at, 1, partials, voxels, stride, first, last);
  else VARIANT(norm_sums_of)(x.at, 0, partials, voxels, stride, first, last);
}

INLINE void VARIANT(norm_apply_to)(const void *x, const int is_half, const float *mean, const float *scale,
                                   const float *shift, float *y, long voxels, int stride, int rectify) {
  const int stream = x != y && SHOULD_STREAM(y, voxels * stride);
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const lanes centred = READ(x, v * stride + c, is_half) - LOAD(mean + c);
      const lanes value = centred * LOAD(scale + c) + LOAD(shift + c);
      const lanes result = rectify ? RECTIFIED(value) : value;
      STREAM_OR_STORE(stream, y + v * stride + c, result);
    }
  if (stream) FENCE();
}

static void VARIANT(norm_apply)(activation_source x, const float *mean, const float *scale, const float *shift,
                                float *y, long voxels, int stride, int rectify) {
  if (x.is_half) VARIANT(norm_apply_to)(x.at, 1, mean, scale, shift, y, voxels, stride, rectify);
  else VARIANT(norm_apply_to)(x.at, 0, mean, scale, shift, y, voxels, stride, rectify);
}

INLINE void VARIANT(norm_backward_sums_of)(const void *x, const int is_half, const float *dy, const float *mean,
                                           const float *scale, const float *shift, double *partials, long voxels,
                                           int stride, int rectify, long first, long last) {
  for (long t = first; t < last; t++)
    for (int c = 0; c < stride; c += 16) {
      const long end = t * operations_tile + operations_tile < voxels ? t * operations_tile + operations_tile : voxels;
      const lanes m = LOAD(mean + c), s = LOAD(scale + c), b = LOAD(shift + c);
      wide low = {}, high = {}, low_products = {}, high_products = {};
      for (long v = t * operations_tile; v < end; v++) {
        const lanes centred = READ(x, v * stride + c, is_half) - m;
        lanes g = LOAD(dy + v * stride + c);
        if (rectify) g = KEEP(centred * s + b > 0, g);
        const wide a = LOW_HALF(g), h = HIGH_HALF(g);
        low += a;
        high += h;
        low_products += a * LOW_HALF(centred);
        high_products += h * HIGH_HALF(centred);
      }
      double *out = partials + t * 2 * stride + c;
      *(wide *)out = low;
      *(wide *)(out + 8) = high;
      *(wide *)(out + stride) = low_products;
      *(wide *)(out + stride + 8) = high_products;
    }
}

static void VARIANT(norm_backward_sums)(activation_source x, const float *dy, const float *mean, const float *scale,
                                        const float *shift, double *partials, long voxels, int stride, int rectify,
                                        long first, long last) {
  if (x.is_half)
    VARIANT(norm_backward_sums_of)(x.at, 1, dy, mean, scale, shift, partials, voxels, stride, rectify, first, last);
  else VARIANT(norm_backward_sums_of)(x.at, 0, dy, mean, scale, shift, partials, voxels, stride, rectify, first, last);
}

INLINE void VARIANT(norm_backward_apply_to)(const void *x, const float *dy, const float *mean, const float *scale,
                                            const float *shift, const float *a, const float *b, void *dx,
                                            const int is_half, int accumulate, long voxels, int stride, int rectify) {
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const long i = v * stride + c;
      const lanes centred = READ(x, i, is_half) - LOAD(mean + c), s = LOAD(scale + c);
      lanes g = LOAD(dy + i);
      if (rectify) g = KEEP(centred * s + LOAD(shift + c) > 0, g);
      const lanes value = s * g + LOAD(a + c) * centred + LOAD(b + c);
      if (is_half) WRITE_HALVES(dx, i, value);
      else PUT((float *)dx + i, value, accumulate);
    }
}

static void VARIANT(norm_backward_apply)(activation_source x, const float *dy, const float *mean, const float *scale,
                                         const float *shift, const float *a, const float *b, activation_target dx,
                                         int accumulate, long voxels, int stride, int rectify) {
  void *to = dx.at;
  if (x.is_half) VARIANT(norm_backward_apply_to)(x.at, dy, mean, scale, shift, a, b, to, 1, 0, voxels, stride, rectify);
  else
    VARIANT(norm_backward_apply_to)(x.at, dy, mean, scale, shift, a, b, to, 0, accumulate, voxels, stride, rectify);
}
