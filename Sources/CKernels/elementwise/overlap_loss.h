// Losses that depend on how far prediction and truth overlap: soft Dice and its like, with cross-entropy. They need two
// passes over the voxels, because the gradient of a voxel depends on sums over all of them. With p the softmax of the
// upsampled logits z, and y the one-hot label:
//   sums      I_c = sum of p_c over the voxels of class c,  P_c = sum of p_c,  Y_c = voxels of class c,
//             E = -sum of w_label log p_label, each over the voxels that are not ignored
//   gradient  dL/dz_j = p_j (g_j - sum_k p_k g_k) + e (p_j - y_j),  g_c = dL/dP_c + y_c dL/dI_c,  e = w_label dL/dE
// The weights w are 1 unless the classes have some.
#pragma once
#include "loss.h"

/// Row h of a slice's logits at the image's height, still at the coarse width.
INLINE void upsample_row(const loss_shape *s, const float *slice, int h, float *row) {
  const long in_row = (long)s->width.in * s->stride;
  const float t = s->height.fraction[h];
  const float *source[4] = {slice + s->height.low[h] * in_row, slice + s->height.high[h] * in_row, slice, slice};
  const float weight[4] = {1 - t, t, 0, 0};
  mix_rows(source, weight, row, in_row);
}

/// Labels of up to sixteen voxels, a voxel in every lane.
INLINE mask16 labels_of_voxels(const uint8_t *labels, int count) {
  mask16 label = {};
  for (int v = 0; v < 16 && v < count; v++) label[v] = labels[v];
  return label;
}

static void overlap_sums(const loss_shape *s, const float *x, const uint8_t *labels, double *sums, float *rows,
                         long first, long last) {
  const long in_slice = (long)s->height.in * s->width.in * s->stride;
  for (long slice = first; slice < last; slice++) {
    double *to = sums + slice * overlap_sums_count(s->classes), *labelled = to + 2 * s->classes;
    double8 common[loss_classes] = {}, predicted[loss_classes] = {}, entropy = {};
    for (int c = 0; c < s->classes; c++) labelled[c] = 0;
    for (int h = 0; h < s->height.out; h++) {
      const uint8_t *row_labels = labels + (slice * s->height.out + h) * s->width.out;
      upsample_row(s, x + slice * in_slice, h, rows);
      for (int w = 0; w < s->width.out; w += 16) {
        vec16 z[loss_classes];
        const mask16 label = labels_of_voxels(row_labels + w, s->width.out - w);
        const mask16 existing = counted_lanes(s, label, s->width.out - w);
        logits_of_voxels(s, rows, w, z);
        const loss_voxels v = exponentials(z, s->classes, label);
        vec16 terms = log_portable(v.sum) + v.surplus;
        if (s->weights) terms *= weights_of_labels(s->weights, s->classes, label);
        terms = keep(existing, terms);
        entropy += low_doubles(terms) + high_doubles(terms);
        for (int c = 0; c < s->classes; c++) {
          const vec16 p = keep(existing, z[c] / v.sum), own = keep(v.label == c, p);
          predicted[c] += low_doubles(p) + high_doubles(p);
          common[c] += low_doubles(own) + high_doubles(own);
        }
      }
      for (int w = 0; w < s->width.out; w++)
        if (row_labels[w] < s->classes) labelled[row_labels[w]]++;
    }
    for (int c = 0; c < s->classes; c++) {
      to[c] = double_sum(common[c]);
      to[s->classes + c] = double_sum(predicted[c]);
    }
    to[3 * s->classes] = double_sum(entropy);
  }
}

/// e -> dL/dz for sixteen voxels.
INLINE void overlap_voxels(vec16 *e, int classes, const loss_voxels *v, const float *by_common,
                           const float *by_predicted, vec16 by_entropy) {
  vec16 mean = {};
  for (int c = 0; c < classes; c++) {
    e[c] = e[c] / v->sum;
    mean += e[c] * (splat(by_predicted[c]) + keep(v->label == c, splat(by_common[c])));
  }
  for (int c = 0; c < classes; c++) {
    const vec16 g = splat(by_predicted[c]) + keep(v->label == c, splat(by_common[c]));
    e[c] = e[c] * (g - mean) + (e[c] - keep(v->label == c, splat(1.0f))) * by_entropy;
  }
}

static void overlap_gradient(const loss_shape *s, const float *x, const uint8_t *labels, const float *derivatives,
                             float *dx, float *rows, long first, long last) {
  const long in_row = (long)s->width.in * s->stride, in_slice = s->height.in * in_row;
  float *fold = rows + in_row;
  for (long slice = first; slice < last; slice++) {
    const float *by_common = derivatives + slice / s->depth * overlap_derivatives_count(s->classes);
    const float *by_predicted = by_common + s->classes, by_entropy = by_predicted[s->classes];
    float *to = dx + slice * in_slice;
    memset(to, 0, sizeof(float) * (size_t)in_slice);
    for (int h = 0; h < s->height.out; h++) {
      const uint8_t *row_labels = labels + (slice * s->height.out + h) * s->width.out;
      upsample_row(s, x + slice * in_slice, h, rows);
      memset(fold, 0, sizeof(float) * (size_t)in_row);
      for (int w = 0; w < s->width.out; w += 16) {
        vec16 z[loss_classes];
        const mask16 label = labels_of_voxels(row_labels + w, s->width.out - w);
        logits_of_voxels(s, rows, w, z);
        const loss_voxels v = exponentials(z, s->classes, label);
        vec16 entropy = splat(by_entropy);
        if (s->weights) entropy *= weights_of_labels(s->weights, s->classes, label);
        overlap_voxels(z, s->classes, &v, by_common, by_predicted, entropy);
        drop_ignored(s, counted_lanes(s, label, s->width.out - w), z);
        fold_voxels(s, z, w, fold);
      }
      add_row(fold, 1 - s->height.fraction[h], to + s->height.low[h] * in_row, in_row);
      add_row(fold, s->height.fraction[h], to + s->height.high[h] * in_row, in_row);
    }
  }
}

static const overlap_loss_kernels overlaps = {overlap_sums, overlap_gradient};
