/// What the loss sums over.
package enum LossKind: String, Codable, Hashable, Sendable, CaseIterable {
  /// Binary cross-entropy on softmax probabilities, mean over voxels and classes (Eq. 9 of the paper).
  case pixelwise
  /// Cross-entropy of the label's class, mean over voxels.
  case crossEntropy
}
