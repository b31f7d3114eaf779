// Softmax over rows of scores, forward and backward. Included per instruction set.

/// Sixteen columns of a row, `filler` past its end.
INLINE lanes VARIANT(row_load)(const float *row, long columns, long column, float filler) {
  if (columns - column >= 16) return LOAD(row + column);
  lanes v = SPLAT(filler);
  memcpy(&v, row + column, sizeof(float) * (size_t)(columns - column));
  return v;
}

/// The same back; what is past the row's end stays.
INLINE void VARIANT(row_store)(float *row, long columns, long column, lanes v) {
  if (columns - column >= 16) STORE(row + column, v);
  else memcpy(row + column, &v, sizeof(float) * (size_t)(columns - column));
}

static void VARIANT(softmax_rows)(float *scores, long rows, long columns, long stride) {
  for (long r = 0; r < rows; r++) {
    float *row = scores + r * stride;
    lanes largest = SPLAT(row[0]);
    for (long c = 0; c < columns; c += 16) {
      const lanes v = VARIANT(row_load)(row, columns, c, row[0]);
      largest = SELECT(largest < v, v, largest);
    }
    const float top = VARIANT(largest)(largest);
    wide sum = {};
    for (long c = 0; c < columns; c += 16) {
      const lanes v = VARIANT(exponential)(VARIANT(row_load)(row, columns, c, top) - top);
      const lanes existing = KEEP(FIRST_LANES(columns - c), v);
      VARIANT(row_store)(row, columns, c, existing);
      sum += LOW_HALF(existing) + HIGH_HALF(existing);
    }
    const float inverse = (float)(1 / VARIANT(wide_total)(sum));
    for (long c = 0; c < columns; c++) row[c] *= inverse;
  }
}

static void VARIANT(softmax_backward)(const float *p, float *dp, long rows, long columns, long stride) {
  for (long r = 0; r < rows; r++) {
    const float *weight = p + r * stride;
    float *gradient = dp + r * stride;
    wide sum = {};
    for (long c = 0; c < columns; c += 16) {
      const lanes a = VARIANT(row_load)(weight, columns, c, 0), b = VARIANT(row_load)(gradient, columns, c, 0);
      sum += LOW_HALF(a) * LOW_HALF(b) + HIGH_HALF(a) * HIGH_HALF(b);
    }
    const float mean = (float)VARIANT(wide_total)(sum);
    for (long c = 0; c < columns; c++) gradient[c] = weight[c] * (gradient[c] - mean);
  }
}
