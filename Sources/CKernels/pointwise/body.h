// Element by element. Included once per instruction set.

static void VARIANT(add)(const float *a, const float *b, float *y, long count, int rectify) {
  const int stream = a != y && b != y && SHOULD_STREAM(y, count);
  for (long i = 0; i < count; i += 16) {
    const lanes v = LOAD(a + i) + LOAD(b + i), sum = rectify ? RECTIFIED(v) : v;
    STREAM_OR_STORE(stream, y + i, sum);
  }
  if (stream) FENCE();
}

static void VARIANT(add_backward)(const float *dy, const float *y, float *da, int accumulate_a, float *db,
                                  int accumulate_b, long count) {
  for (long i = 0; i < count; i += 16) {
    lanes g = LOAD(dy + i);
    if (y) g = KEEP(LOAD(y + i) > 0, g);
    if (da) PUT(da + i, g, accumulate_a);
    if (db) PUT(db + i, g, accumulate_b);
  }
}

static void VARIANT(rectify)(const float *x, float *y, long count) {
  for (long i = 0; i < count; i += 16) {
    const lanes v = LOAD(x + i);
    STORE(y + i, RECTIFIED(v));
  }
}

static void VARIANT(multiply)(const float *a, const float *b, float *y, long count) {
  for (long i = 0; i < count; i += 16) STORE(y + i, LOAD(a + i) * LOAD(b + i));
}

static void VARIANT(multiply_backward)(const float *dy, const float *a, const float *b, float *da, int accumulate_a,
                                       float *db, int accumulate_b, long count) {
  for (long i = 0; i < count; i += 16) {
    const lanes g = LOAD(dy + i), left = LOAD(a + i), right = LOAD(b + i);
    if (da) PUT(da + i, g * right, accumulate_a);
    if (db) PUT(db + i, g * left, accumulate_b);
  }
}

static void VARIANT(sigmoid)(const float *x, float *y, long voxels, int channels, int stride) {
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const lanes one = SPLAT(1.0f), value = LOAD(x + v * stride + c);
      // exp of the negative magnitude never overflows: sigma(x) = 1 / (1 + e) for x >= 0, e / (1 + e) below.
      const masks negative = value < 0;
      const lanes e = VARIANT(exponential)(SELECT(negative, value, -value));
      STORE(y + v * stride + c, KEEP(FIRST_LANES(channels - c), SELECT(negative, e, one) / (one + e)));
    }
}

static void VARIANT(sigmoid_backward)(const float *dy, const float *y, float *dx, int accumulate, long count) {
  for (long i = 0; i < count; i += 16) {
    const lanes v = LOAD(y + i);
    PUT(dx + i, LOAD(dy + i) * (v * (SPLAT(1.0f) - v)), accumulate);
  }
}

static void VARIANT(scaled_add)(const float *x, const float *a, float scale, float *y, long count) {
  for (long i = 0; i < count; i += 16) STORE(y + i, LOAD(x + i) + LOAD(a + i) * scale);
}

static void VARIANT(scale)(const float *from, float scale, float *to, int accumulate, long count) {
  for (long i = 0; i < count; i += 16) PUT(to + i, LOAD(from + i) * scale, accumulate);
}

static double VARIANT(dot)(const float *a, const float *b, long first, long last) {
  wide low = {}, high = {};
  for (long i = first; i < last; i += 16) {
    const lanes left = LOAD(a + i), right = LOAD(b + i);
    low += LOW_HALF(left) * LOW_HALF(right);
    high += HIGH_HALF(left) * HIGH_HALF(right);
  }
  return VARIANT(wide_total)(low + high);
}

static void VARIANT(spread)(const float *x, const float *m, float *y, int accumulate, long voxels, int stride) {
  for (long v = 0; v < voxels; v++)
    for (int c = 0; c < stride; c += 16) {
      const lanes value = LOAD(x + c);
      PUT(y + v * stride + c, m ? value * LOAD(m + v * stride + c) : value, accumulate);
    }
}

static void VARIANT(column_sums)(const float *a, const float *b, double *partials, long voxels, int stride, long first,
                                 long last) {
  for (long t = first; t < last; t++)
    for (int c = 0; c < stride; c += 16) {
      const long end = t * operations_tile + operations_tile < voxels ? t * operations_tile + operations_tile : voxels;
      wide low = {}, high = {};
      for (long v = t * operations_tile; v < end; v++) {
        const lanes left = LOAD(a + v * stride + c);
        if (b) {
          const lanes right = LOAD(b + v * stride + c);
          low += LOW_HALF(left) * LOW_HALF(right);
          high += HIGH_HALF(left) * HIGH_HALF(right);
        } else {
          low += LOW_HALF(left);
          high += HIGH_HALF(left);
        }
      }
      *(wide *)(partials + t * stride + c) = low;
      *(wide *)(partials + t * stride + c + 8) = high;
    }
}

static void VARIANT(copy_channels)(const float *from, int from_stride, int from_first, float *to, int to_stride,
                                   int to_first, int channels, int accumulate, long voxels) {
  const int whole = channels % 16 == 0, is_aligned = to_stride % 16 == 0 && to_first % 16 == 0;
  const int stream = whole && is_aligned && !accumulate && SHOULD_STREAM(to, voxels * channels);
  for (long v = 0; v < voxels; v++) {
    const float *source = from + v * from_stride + from_first;
    float *target = to + v * to_stride + to_first;
    if (whole)
      for (int c = 0; c < channels; c += 16) {
        STREAM_OR_STORE(stream, target + c, accumulate ? LOAD(target + c) + LOAD(source + c) : LOAD(source + c));
      }
    else
      for (int c = 0; c < channels; c++) target[c] = accumulate ? target[c] + source[c] : source[c];
  }
  if (stream) FENCE();
}
