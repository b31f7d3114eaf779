// Softmax over rows of scores, forward and backward. Included per instruction set.

/// Copies the next 16 columns (or what is left of them) of a row to or from a block of lanes.
INLINE size_t VARIANT(block_bytes)(long columns, long column) {
  return sizeof(float) * (size_t)(columns - column < 16 ? columns - column : 16);
}

static void VARIANT(softmax_rows)(float *scores, long rows, long columns, long stride) {
  for (long r = 0; r < rows; r++) {
    float *row = scores + r * stride;
    float top = row[0];
    for (long c = 1; c < columns; c++) top = top < row[c] ? row[c] : top;
    wide sum = {};
    for (long c = 0; c < columns; c += 16) {
      lanes v = SPLAT(top);
      memcpy(&v, row + c, VARIANT(block_bytes)(columns, c));
      v = KEEP(FIRST_LANES(columns - c), VARIANT(exponential)(v - top));
      memcpy(row + c, &v, VARIANT(block_bytes)(columns, c));
      sum += LOW_HALF(v) + HIGH_HALF(v);
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
      lanes a = {}, b = {};
      memcpy(&a, weight + c, VARIANT(block_bytes)(columns, c));
      memcpy(&b, gradient + c, VARIANT(block_bytes)(columns, c));
      sum += LOW_HALF(a) * LOW_HALF(b) + HIGH_HALF(a) * HIGH_HALF(b);
    }
    const float mean = (float)VARIANT(wide_total)(sum);
    for (long c = 0; c < columns; c++) gradient[c] = weight[c] * (gradient[c] - mean);
  }
}
