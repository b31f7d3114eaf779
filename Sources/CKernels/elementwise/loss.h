// Bilinear upsampling of coarse logits, softmax, loss and the gradient of the coarse logits, fused row by row: the
// full-resolution logits never exist. Sixteen voxels at a time, a voxel in every lane.
//
// With p the softmax of the upsampled logits z, y the one-hot label and M the number of terms of the mean:
//   cross-entropy  L = -sum log p_label / M,  M = voxels;           dL/dz = (p - y) / M
//   pixelwise      L = -sum_c [y log p + (1 - y) log(1 - p)] / M,   M = voxels classes (Eq. 9);
//                  dL/dz_j = (r_j (1 - p_j) - p_j sum_{c != j} r_c) / M,
//                  r_c = -1 for the label's class, p_c / (1 - p_c) for others.
// 1 - p of the largest class is taken from the sum of the others, and so is its sum of r: r may be 1e7, and taking it
// away again would leave no digits. p is held below 1 - 1e-7 as in the reference.
// With weights w of the classes, a voxel's cross-entropy and its gradient are multiplied by w_label, a class's term of
// Eq. 9 and its r by w_c.
#pragma once
#include "../simd/math.h"
#include "cpu_kernels.h"
#include "resize.h"

/// Labels are bytes.
enum { loss_classes = 256 };

/// Sixteen voxels of an upsampled row from voxel `first` on, class by class: z[c] holds a voxel in every lane. Voxels
/// past the row's end are copies of its last one. Classes are written up to a multiple of 16, padding ones zero.
INLINE void logits_of_voxels(const loss_shape *s, const float *row, int first, vec16 *z) {
  for (int c = 0; c < s->classes; c += 16) {
    for (int v = 0; v < 16; v++) {
      const int w = first + v < s->width.out ? first + v : s->width.out - 1;
      const float t = s->width.fraction[w];
      const float *low = row + (long)s->width.low[w] * s->stride, *high = row + (long)s->width.high[w] * s->stride;
      z[c + v] = load(low + c) * (1 - t) + load(high + c) * t;
    }
    transpose(z + c);
  }
}

/// The same way back: gradients of sixteen voxels, folded into the coarse row.
INLINE void fold_voxels(const loss_shape *s, vec16 *g, int first, float *fold) {
  const int count = s->width.out - first < 16 ? s->width.out - first : 16;
  for (int c = 0; c < s->classes; c += 16) {
    transpose(g + c);
    for (int v = 0; v < count; v++) {
      const float t = s->width.fraction[first + v];
      float *low = fold + (long)s->width.low[first + v] * s->stride + c;
      float *high = fold + (long)s->width.high[first + v] * s->stride + c;
      store(low, load(low) + g[c + v] * (1 - t));
      store(high, load(high) + g[c + v] * t);
    }
  }
}

/// What the terms of a loss need of sixteen voxels besides exp(z - top).
typedef struct {
  mask16 label;
  vec16 sum;      // of exp(z - top)
  vec16 surplus;  // top less the label's logit
} loss_voxels;

/// z -> exp(z - top), classes in order.
INLINE loss_voxels exponentials(vec16 *z, int classes, mask16 label) {
  vec16 top = splat(-__builtin_inff()), at_label = {}, sum = {};
  for (int c = 0; c < classes; c++) {
    top = select16(z[c] > top, z[c], top);
    at_label += keep(label == c, z[c]);
  }
  for (int c = 0; c < classes; c++) sum += z[c] = exp_portable(z[c] - top);
  return (loss_voxels){label, sum, top - at_label};
}

/// e -> p - y; returns -log p of the label.
INLINE vec16 cross_entropy(vec16 *e, int classes, const loss_voxels *v) {
  for (int c = 0; c < classes; c++) e[c] = e[c] / v->sum - keep(v->label == c, splat(1.0f));
  return log_portable(v->sum) + v->surplus;
}

/// The weight of every lane's class; nothing where the label is no class.
INLINE vec16 weights_of_labels(const float *weights, int classes, mask16 label) {
  vec16 w = {};
  for (int v = 0; v < 16; v++)
    if (label[v] < classes) w[v] = weights[label[v]];
  return w;
}

/// e -> w (p - y); returns -w log p of the label.
INLINE vec16 weighted_cross_entropy(const loss_shape *s, vec16 *e, const loss_voxels *v) {
  const vec16 w = weights_of_labels(s->weights, s->classes, v->label), terms = cross_entropy(e, s->classes, v);
  for (int c = 0; c < s->classes; c++) e[c] *= w;
  return terms * w;
}

/// e -> the gradient; returns the sum of the loss's terms over classes.
///
/// - weights: of the classes; null: every one is 1, and nothing is multiplied.
INLINE vec16 pixelwise(vec16 *e, int classes, const loss_voxels *v, const float *weights) {
  const vec16 one = splat(1.0f);
  vec16 r[loss_classes], own[loss_classes], r_top = {}, r_rest = {}, log_sum = {}, rest = {};
  for (int c = 0; c < classes; c++) rest += keep(e[c] < one, e[c]);
  // Several classes may share the largest logit; then 1 - p is at least 1/2 and needs no care.
  const mask16 alone = v->sum - rest < 1.5f;
  rest = select16(alone, rest, v->sum - one);
  for (int c = 0; c < classes; c++) {
    const mask16 wrong = v->label != c, is_top = e[c] >= one;
    const vec16 p = e[c] / v->sum;
    const vec16 exact = select16(is_top, rest / v->sum, one - p);
    const mask16 clamped = exact < 1e-7f;
    const vec16 q = select16(clamped, splat(1e-7f), exact), inverse = one / q;
    // log(1 - p) = log(q) - ((q - 1) + p) / q corrects the rounding of q; of the largest class q is exact by itself.
    const vec16 correction = keep(~(is_top | clamped), ((q - one) + p) * inverse);
    vec16 log_q = log_portable(q) - correction;
    r[c] = select16(wrong, keep(~clamped, p * inverse), -one);
    own[c] = select16(wrong, keep(~clamped, p), -exact);
    if (weights) {
      log_q *= weights[c];
      r[c] *= weights[c];
      own[c] *= weights[c];
    }
    log_sum += keep(wrong, log_q);
    r_top += keep(is_top, r[c]);
    r_rest += keep(~is_top, r[c]);
    e[c] = select16(is_top & alone, -p, p);
  }
  for (int c = 0; c < classes; c++) {
    const mask16 lone_top = e[c] < 0;
    const vec16 p = select16(lone_top, -e[c], e[c]);
    e[c] = own[c] - p * select16(lone_top, r_rest, (r_rest + r_top) - r[c]);
  }
  vec16 at_label = log_portable(v->sum) + v->surplus;
  if (weights) at_label *= weights_of_labels(weights, classes, v->label);
  return at_label - log_sum;
}

/// Lanes of voxels that exist, less the ignored ones.
INLINE mask16 counted_lanes(const loss_shape *s, mask16 label, int left) {
  const mask16 existing = first_lanes(left);
  return s->ignored > 0 ? existing & (label < s->classes) : existing;
}

/// No gradient where nothing is counted.
INLINE void drop_ignored(const loss_shape *s, mask16 counted, vec16 *g) {
  if (s->ignored > 0)
    for (int c = 0; c < s->classes; c++) g[c] = keep(counted, g[c]);
}

/// One upsampled row: its loss, and its gradient folded into `fold` (the row's coarse width).
INLINE double loss_of_row(const loss_shape *s, const float *row, const uint8_t *labels, float *fold) {
  const double voxels = (double)s->batch * s->depth * s->height.out * s->width.out - (double)s->ignored;
  const double terms = s->weights ? s->weight : (voxels > 0 ? voxels : 1) * (s->pixelwise ? s->classes : 1);
  const float scale = (float)(1 / terms);
  double8 loss = {};
  for (int w = 0; w < s->width.out; w += 16) {
    vec16 z[loss_classes];
    mask16 label = {};
    for (int v = 0; v < 16 && w + v < s->width.out; v++) label[v] = labels[w + v];
    logits_of_voxels(s, row, w, z);
    const loss_voxels voxels = exponentials(z, s->classes, label);
    const vec16 losses = s->pixelwise ? pixelwise(z, s->classes, &voxels, s->weights)
                         : s->weights ? weighted_cross_entropy(s, z, &voxels)
                                      : cross_entropy(z, s->classes, &voxels);
    const mask16 counted = counted_lanes(s, label, s->width.out - w);
    const vec16 existing = keep(counted, losses);
    loss += low_doubles(existing) + high_doubles(existing);
    for (int c = 0; c < s->classes; c++) z[c] *= scale;
    drop_ignored(s, counted, z);
    fold_voxels(s, z, w, fold);
  }
  return double_sum(loss);
}

static void loss(const loss_shape *s, const float *x, const uint8_t *labels, float *dx, double *losses, float *rows,
                 long first, long last) {
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
      mix_rows(source, weight, rows, in_row);
      memset(fold, 0, sizeof(float) * (size_t)in_row);
      losses[slice] += loss_of_row(s, rows, labels + (slice * s->height.out + h) * s->width.out, fold);
      add_row(fold, 1 - t, to + low, in_row);
      add_row(fold, t, to + high, in_row);
    }
  }
}

/// The class of the largest logit of sixteen voxels, or what is left of them.
INLINE void classes_of_voxels(const loss_shape *s, const float *row, int first, uint8_t *labels) {
  vec16 z[loss_classes], top = splat(-__builtin_inff());
  mask16 best = {};
  logits_of_voxels(s, row, first, z);
  for (int c = 0; c < s->classes; c++) {
    const mask16 larger = z[c] > top;
    top = select16(larger, z[c], top);
    best = (best & ~larger) | (larger & c);
  }
  for (int v = 0; v < 16 && first + v < s->width.out; v++) labels[v] = (uint8_t)best[v];
}

static void classify(const loss_shape *s, const float *x, uint8_t *labels, float *rows, long first, long last) {
  const long in_row = (long)s->width.in * s->stride;
  for (long slice = first; slice < last; slice++)
    for (int h = 0; h < s->height.out; h++) {
      const float t = s->height.fraction[h];
      const float *from = x + slice * s->height.in * in_row;
      const float *source[4] = {from + s->height.low[h] * in_row, from + s->height.high[h] * in_row, from, from};
      const float weight[4] = {1 - t, t, 0, 0};
      mix_rows(source, weight, rows, in_row);
      uint8_t *to = labels + (slice * s->height.out + h) * s->width.out;
      for (int w = 0; w < s->width.out; w += 16) classes_of_voxels(s, rows, w, to + w);
    }
}

static const loss_kernels losses = {loss, classify};
