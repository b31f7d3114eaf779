/// Binary cross-entropy on softmax probabilities, mean over voxels and classes (Eq. 9 of the paper):
///
///     L = −1 / (V K) · Σ_v Σ_c [y log p + (1 − y) log(1 − p)]
package struct PixelwiseLoss: Loss {
  /// An experiment names it `"loss": "pixelwise"`.
  package static let name = "pixelwise"
  /// What the schema of experiments says of it.
  package static let summary = "Binary cross-entropy of every class, Eq. 9 of the paper"
  /// It has no fields.
  package init() {}
  /// One pass: every voxel and class has a term of its own.
  package var passes: LossPasses { .terms(.pixelwise) }
}
