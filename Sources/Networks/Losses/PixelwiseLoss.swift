/// Binary cross-entropy on softmax probabilities, mean over voxels and classes (Eq. 9 of the paper):
///
///     L = −1 / (V K) · Σ_v Σ_c [y log p + (1 − y) log(1 − p)]
package struct PixelwiseLoss: Loss {
  package static let name = "pixelwise"
  package static let summary = "Binary cross-entropy of every class, Eq. 9 of the paper"
  package init() {}
  package var passes: LossPasses { .terms(.pixelwise) }
}
