// Batch normalisation with an optional ReLU behind it: two passes forward, two backward. Included per instruction set.
//
//     y = (x - mean) scale + shift,  scale = gamma / sqrt(variance + epsilon),  shift = beta
//
// Backward recomputes y's sign from x with the forward's own expression, so y itself need not be kept.

static void VARIANT(norm_sums)(const float *x, double *partials, long voxels, int stride, long first, long last) {
  for (long t = first; t < last; t++)
    for (int c = 0; c < stride; c += 16) {
      const long end = t * operations_tile + operations_tile < voxels ? t * operations_tile + operations_tile : voxels;
      wide low = {}, high = {}, low_squares = {}, high_squares = {};
      for (long v = t * operations_tile; v < end; v++) {
        const lanes value = LOAD(x + v * stride + c);
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

static void VARIANT(norm_apply)(const float *x, const float *mean, const float *scale, const float *shift, float *y,
                                long voxels, int stride, int rectify) {
  const int stream = x != y && SHOULD_STREAM(y, voxels * stride);
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const lanes value = (LOAD(x + v * stride + c) - LOAD(mean + c)) * LOAD(scale + c) + LOAD(shift + c);
      const lanes result = rectify ? RECTIFIED(value) : value;
      STREAM_OR_STORE(stream, y + v * stride + c, result);
    }
  if (stream) FENCE();
}

static void VARIANT(norm_backward_sums)(const float *x, const float *dy, const float *mean, const float *scale,
                                        const float *shift, double *partials, long voxels, int stride, int rectify,
                                        long first, long last) {
  for (long t = first; t < last; t++)
    for (int c = 0; c < stride; c += 16) {
      const long end = t * operations_tile + operations_tile < voxels ? t * operations_tile + operations_tile : voxels;
      const lanes m = LOAD(mean + c), s = LOAD(scale + c), b = LOAD(shift + c);
      wide low = {}, high = {}, low_products = {}, high_products = {};
      for (long v = t * operations_tile; v < end; v++) {
        const lanes centred = LOAD(x + v * stride + c) - m;
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

static void VARIANT(norm_backward_apply)(const float *x, const float *dy, const float *mean, const float *scale,
                                         const float *shift, const float *a, const float *b, float *dx, int accumulate,
                                         long voxels, int stride, int rectify) {
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const lanes centred = LOAD(x + v * stride + c) - LOAD(mean + c), s = LOAD(scale + c);
      lanes g = LOAD(dy + v * stride + c);
      if (rectify) g = KEEP(centred * s + LOAD(shift + c) > 0, g);
      PUT(dx + v * stride + c, s * g + LOAD(a + c) * centred + LOAD(b + c), accumulate);
    }
}
