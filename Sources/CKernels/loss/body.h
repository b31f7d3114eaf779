// Bilinear upsampling of coarse logits, softmax, loss and the gradient of the coarse logits, fused row by row: the
// full-resolution logits never exist. Sixteen voxels at a time, a voxel in every lane. Included per instruction set.
//
// With p the softmax of the upsampled logits z, y the one-hot label and M the number of terms of the mean:
//   cross-entropy  L = -sum log p_label / M,  M = voxels;           dL/dz = (p - y) / M
//   pixelwise      L = -sum_c [y log p + (1 - y) log(1 - p)] / M,   M = voxels classes (Eq. 9);
//                  dL/dz_j = (r_j (1 - p_j) - p_j sum_{c != j} r_c) / M,
//                  r_c = -1 for the label's class, p_c / (1 - p_c) for others.
// 1 - p of the largest class is taken from the sum of the others, and so is its sum of r: r may be 1e7, and taking it
// away again would leave no digits. p is held below 1 - 1e-7 as in the reference.

/// Sixteen voxels of an upsampled row from voxel `first` on, class by class: z[c] holds a voxel in every lane. Voxels past
/// the row's end are copies of its last one. Classes are written up to a multiple of 16, padding ones zero.
INLINE void VARIANT(logits_of_voxels)(const loss_shape *s, const float *row, int first, lanes *z) {
  for (int c = 0; c < s->classes; c += 16) {
    for (int v = 0; v < 16; v++) {
      const int w = first + v < s->width.out ? first + v : s->width.out - 1;
      const float t = s->width.fraction[w];
      const float *low = row + (long)s->width.low[w] * s->stride, *high = row + (long)s->width.high[w] * s->stride;
      z[c + v] = LOAD(low + c) * (1 - t) + LOAD(high + c) * t;
    }
    VARIANT(transpose)(z + c);
  }
}

/// The same way back: gradients of sixteen voxels, folded into the coarse row.
INLINE void VARIANT(fold_voxels)(const loss_shape *s, lanes *g, int first, float *fold) {
  const int count = s->width.out - first < 16 ? s->width.out - first : 16;
  for (int c = 0; c < s->classes; c += 16) {
    VARIANT(transpose)(g + c);
    for (int v = 0; v < count; v++) {
      const float t = s->width.fraction[first + v];
      float *low = fold + (long)s->width.low[first + v] * s->stride + c;
      float *high = fold + (long)s->width.high[first + v] * s->stride + c;
      STORE(low, LOAD(low) + g[c + v] * (1 - t));
      STORE(high, LOAD(high) + g[c + v] * t);
    }
  }
}

/// What the terms of a loss need of sixteen voxels besides exp(z - top).
typedef struct {
  masks label;
  lanes sum;                                    // of exp(z - top)
  lanes surplus;                                // top less the label's logit
} VARIANT(loss_voxels);

/// z -> exp(z - top), classes in order.
INLINE VARIANT(loss_voxels) VARIANT(exponentials)(lanes *z, int classes, masks label) {
  lanes top = SPLAT(-__builtin_inff()), at_label = {}, sum = {};
  for (int c = 0; c < classes; c++) {
    top = SELECT(z[c] > top, z[c], top);
    at_label += KEEP(label == c, z[c]);
  }
  for (int c = 0; c < classes; c++) sum += z[c] = VARIANT(exponential)(z[c] - top);
  return (VARIANT(loss_voxels)){label, sum, top - at_label};
}

/// e -> p - y; returns -log p of the label.
INLINE lanes VARIANT(cross_entropy)(lanes *e, int classes, const VARIANT(loss_voxels) *v) {
  for (int c = 0; c < classes; c++) e[c] = e[c] / v->sum - KEEP(v->label == c, SPLAT(1.0f));
  return VARIANT(logarithm)(v->sum) + v->surplus;
}

/// e -> the gradient; returns the sum of the loss's terms over classes.
INLINE lanes VARIANT(pixelwise)(lanes *e, int classes, const VARIANT(loss_voxels) *v) {
  const lanes one = SPLAT(1.0f);
  lanes r[loss_classes], own[loss_classes], r_top = {}, r_rest = {}, log_sum = {}, rest = {};
  for (int c = 0; c < classes; c++) rest += KEEP(e[c] < one, e[c]);
  // Several classes may share the largest logit; then 1 - p is at least 1/2 and needs no care.
  const masks alone = v->sum - rest < 1.5f;
  rest = SELECT(alone, rest, v->sum - one);
  for (int c = 0; c < classes; c++) {
    const masks wrong = v->label != c, is_top = e[c] >= one;
    const lanes p = e[c] / v->sum;
    const lanes exact = SELECT(is_top, rest / v->sum, one - p);
    const masks clamped = exact < 1e-7f;
    const lanes q = SELECT(clamped, SPLAT(1e-7f), exact), inverse = one / q;
    // log(1 - p) = log(q) - ((q - 1) + p) / q corrects the rounding of q; of the largest class q is exact by itself.
    const lanes correction = KEEP(~(is_top | clamped), ((q - one) + p) * inverse);
    log_sum += KEEP(wrong, VARIANT(logarithm)(q) - correction);
    r[c] = SELECT(wrong, KEEP(~clamped, p * inverse), -one);
    own[c] = SELECT(wrong, KEEP(~clamped, p), -exact);
    r_top += KEEP(is_top, r[c]);
    r_rest += KEEP(~is_top, r[c]);
    e[c] = SELECT(is_top & alone, -p, p);
  }
  for (int c = 0; c < classes; c++) {
    const masks lone_top = e[c] < 0;
    const lanes p = SELECT(lone_top, -e[c], e[c]);
    e[c] = own[c] - p * SELECT(lone_top, r_rest, (r_rest + r_top) - r[c]);
  }
  return VARIANT(logarithm)(v->sum) + v->surplus - log_sum;
}

/// One upsampled row: its loss, and its gradient folded into `fold` (the row's coarse width).
INLINE double VARIANT(loss_of_row)(const loss_shape *s, const float *row, const uint8_t *labels, float *fold) {
  const float scale = (float)(1 / ((double)s->batch * s->depth * s->height.out * s->width.out *
                                   (s->pixelwise ? s->classes : 1)));
  wide loss = {};
  for (int w = 0; w < s->width.out; w += 16) {
    lanes z[loss_classes];
    masks label = {};
    for (int v = 0; v < 16 && w + v < s->width.out; v++) label[v] = labels[w + v];
    VARIANT(logits_of_voxels)(s, row, w, z);
    const VARIANT(loss_voxels) voxels = VARIANT(exponentials)(z, s->classes, label);
    const lanes terms = s->pixelwise ? VARIANT(pixelwise)(z, s->classes, &voxels)
                                     : VARIANT(cross_entropy)(z, s->classes, &voxels);
    const lanes existing = KEEP(FIRST_LANES(s->width.out - w), terms);
    loss += LOW_HALF(existing) + HIGH_HALF(existing);
    for (int c = 0; c < s->classes; c++) z[c] *= scale;
    VARIANT(fold_voxels)(s, z, w, fold);
  }
  return VARIANT(wide_total)(loss);
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

/// The class of the largest logit of sixteen voxels, or what is left of them.
INLINE void VARIANT(classes_of_voxels)(const loss_shape *s, const float *row, int first, uint8_t *labels) {
  lanes z[loss_classes], top = SPLAT(-__builtin_inff());
  masks best = {};
  VARIANT(logits_of_voxels)(s, row, first, z);
  for (int c = 0; c < s->classes; c++) {
    const masks larger = z[c] > top;
    top = SELECT(larger, z[c], top);
    best = (best & ~larger) | (larger & c);
  }
  for (int v = 0; v < 16 && first + v < s->width.out; v++) labels[v] = (uint8_t)best[v];
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
      uint8_t *to = labels + (slice * s->height.out + h) * s->width.out;
      for (int w = 0; w < s->width.out; w += 16) VARIANT(classes_of_voxels)(s, rows, w, to + w);
    }
}
