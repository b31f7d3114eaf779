// Bilinear upsampling of coarse logits, softmax, loss and the gradient of the coarse logits, fused row by row: the
// full-resolution logits never exist. Included per instruction set.
//
// With p the softmax of the upsampled logits z, y the one-hot label and M the number of terms of the mean:
//   cross-entropy  L = -sum log p_label / M,  M = voxels;           dL/dz = (p - y) / M
//   pixelwise      L = -sum_c [y log p + (1 - y) log(1 - p)] / M,   M = voxels classes (Eq. 9);
//                  dL/dz_j = (r_j (1 - p_j) - p_j sum_{c != j} r_c) / M,
//                  r_c = -1 for the label's class, p_c / (1 - p_c) for others.
// 1 - p of the largest class is taken from the sum of the others, and so is its sum of r: r may be 1e7, and taking it
// away again would leave no digits. p is held below 1 - 1e-7 as in the reference.

/// Logits of one upsampled voxel -> z, and the largest of them.
INLINE float VARIANT(logits_of_voxel)(const float *left, const float *right, float t, int classes, lanes *z) {
  lanes top = SPLAT(-__builtin_inff());
  for (int k = 0; k * 16 < classes; k++) {
    z[k] = LOAD(left + k * 16) * (1 - t) + LOAD(right + k * 16) * t;
    z[k] = SELECT(FIRST_LANES(classes - k * 16), z[k], SPLAT(-__builtin_inff()));
    top = SELECT(z[k] > top, z[k], top);
  }
  return VARIANT(largest)(top);
}

/// e = exp(z - top) and the sum of it, in a fixed order.
INLINE float VARIANT(exponentials_of_voxel)(lanes *z, float top, int classes) {
  lanes sum = {};
  for (int k = 0; k * 16 < classes; k++) {
    z[k] = KEEP(FIRST_LANES(classes - k * 16), VARIANT(exponential)(z[k] - top));
    sum += z[k];
  }
  return VARIANT(total)(sum);
}

/// e -> p - y; returns -log p of the label.
INLINE double VARIANT(cross_entropy)(lanes *e, float sum, float label_logit, float top, int label, int classes) {
  for (int k = 0; k * 16 < classes; k++) {
    const masks here = ((masks){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} + k * 16) == label;
    e[k] = e[k] / sum - KEEP(here, SPLAT(1.0f));
  }
  return __builtin_log((double)sum) + ((double)top - label_logit);
}

/// e -> the gradient; returns the sum of the loss's terms over classes.
INLINE double VARIANT(pixelwise)(lanes *e, float sum, float label_logit, float top, int label, int classes) {
  const lanes one = SPLAT(1.0f);
  lanes r[loss_vectors], own[loss_vectors], r_top = {}, r_rest = {}, log_sum = {}, others = {};
  for (int k = 0; k * 16 < classes; k++) others += KEEP(e[k] < one, e[k]);
  float rest = VARIANT(total)(others);
  // Several classes may share the largest logit; then 1 - p is at least 1/2 and needs no care.
  const masks alone = (masks){} - (sum - rest < 1.5f);
  if (!alone[0]) rest = sum - 1;
  for (int k = 0; k * 16 < classes; k++) {
    const masks index = (masks){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} + k * 16;
    const masks wrong = (index != label) & (index < classes), is_top = e[k] >= one;
    const lanes p = e[k] / sum;
    const lanes exact = SELECT(is_top, SPLAT(rest) / sum, one - p);
    const masks clamped = exact < 1e-7f;
    const lanes q = SELECT(clamped, SPLAT(1e-7f), exact);
    // log(1 - p) = log(q) - ((q - 1) + p) / q corrects the rounding of q; of the largest class q is exact by itself.
    const lanes correction = KEEP(~(is_top | clamped), ((q - one) + p) / q);
    log_sum += KEEP(wrong, VARIANT(logarithm)(q) - correction);
    r[k] = SELECT(wrong, KEEP(~clamped, p / q), KEEP(index == label, -one));
    own[k] = SELECT(wrong, KEEP(~clamped, p), KEEP(index == label, -exact));
    r_top += KEEP(is_top, r[k]);
    r_rest += KEEP(~is_top, r[k]);
    e[k] = SELECT(is_top & alone, -p, p);
  }
  const float sum_rest = VARIANT(total)(r_rest), sum_all = sum_rest + VARIANT(total)(r_top);
  for (int k = 0; k * 16 < classes; k++) {
    const masks lone_top = e[k] < 0;
    const lanes p = SELECT(lone_top, -e[k], e[k]);
    e[k] = own[k] - p * SELECT(lone_top, SPLAT(sum_rest), sum_all - r[k]);
  }
  return __builtin_log((double)sum) + ((double)top - label_logit) - VARIANT(total)(log_sum);
}

/// One upsampled row: its loss, and its gradient folded into `fold` (the row's coarse width).
INLINE double VARIANT(loss_of_row)(const loss_shape *s, const float *row, const uint8_t *labels, float *fold) {
  const float scale = (float)(1 / ((double)s->batch * s->depth * s->height.out * s->width.out *
                                   (s->pixelwise ? s->classes : 1)));
  double loss = 0;
  for (int w = 0; w < s->width.out; w++) {
    const float t = s->width.fraction[w];
    const long low = (long)s->width.low[w] * s->stride, high = (long)s->width.high[w] * s->stride;
    lanes z[loss_vectors];
    const float top = VARIANT(logits_of_voxel)(row + low, row + high, t, s->classes, z);
    const float at_label = row[low + labels[w]] * (1 - t) + row[high + labels[w]] * t;
    const float sum = VARIANT(exponentials_of_voxel)(z, top, s->classes);
    loss += s->pixelwise ? VARIANT(pixelwise)(z, sum, at_label, top, labels[w], s->classes)
                         : VARIANT(cross_entropy)(z, sum, at_label, top, labels[w], s->classes);
    for (int k = 0; k * 16 < s->classes; k++) {
      const lanes g = z[k] * scale;
      STORE(fold + low + k * 16, LOAD(fold + low + k * 16) + g * (1 - t));
      STORE(fold + high + k * 16, LOAD(fold + high + k * 16) + g * t);
    }
  }
  return loss;
}

static void VARIANT(loss)(const loss_shape *s, const float *x, const uint8_t *labels, float *dx, double *losses,
                          float *rows, long first, long last) {
  const long in_row = (long)s->width.in * s->stride;
  float *fold = rows + in_row;
  for (long slice = first; slice < last; slice++) {
    const float *from = x + slice * s->height.in * in_row;
    float *to = dx + slice * s->height.in * in_row;
    memset(to, 0, sizeof(float) * (size_t)s->height.in * (size_t)in_row);
    losses[slice] = 0;
    for (int h = 0; h < s->height.out; h++) {
      const float t = s->height.fraction[h];
      const long low = s->height.low[h] * in_row, high = s->height.high[h] * in_row;
      const float *source[4] = {from + low, from + high, from, from};
      const float weight[4] = {1 - t, t, 0, 0};
      VARIANT(mix_rows)(source, weight, rows, in_row);
      memset(fold, 0, sizeof(float) * (size_t)in_row);
      losses[slice] += VARIANT(loss_of_row)(s, rows, labels + (slice * s->height.out + h) * s->width.out, fold);
      VARIANT(add_row)(fold, 1 - t, to + low, in_row);
      VARIANT(add_row)(fold, t, to + high, in_row);
    }
  }
}

static void VARIANT(classify)(const loss_shape *s, const float *x, uint8_t *labels, float *rows, long first,
                              long last) {
  const long in_row = (long)s->width.in * s->stride;
  for (long slice = first; slice < last; slice++)
    for (int h = 0; h < s->height.out; h++) {
      const float t = s->height.fraction[h];
      const float *from = x + slice * s->height.in * in_row;
      const float *source[4] = {from + s->height.low[h] * in_row, from + s->height.high[h] * in_row, from, from};
      const float weight[4] = {1 - t, t, 0, 0};
      VARIANT(mix_rows)(source, weight, rows, in_row);
      for (int w = 0; w < s->width.out; w++) {
        lanes z[loss_vectors];
        const float top = VARIANT(logits_of_voxel)(rows + (long)s->width.low[w] * s->stride,
                                                   rows + (long)s->width.high[w] * s->stride, s->width.fraction[w],
                                                   s->classes, z);
        int best = 0;
        while (best < s->classes - 1 && !(((const float *)z)[best] == top)) best++;
        labels[(slice * s->height.out + h) * s->width.out + w] = (uint8_t)best;
      }
    }
}
