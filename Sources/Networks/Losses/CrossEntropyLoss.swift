/// Cross-entropy of the label's class, mean over voxels:
///
///     L = −1 / V · Σ_v log p(label)
package struct CrossEntropyLoss: Loss {
  /// An experiment names it `"loss": "crossEntropy"`.
  package static let name = "crossEntropy"
  /// What the schema of experiments says of it.
  package static let summary = "Cross-entropy over the classes"
  /// It has no fields.
  package init() {}
  /// One pass: every voxel has a term of its own.
  package var passes: LossPasses { .terms(.crossEntropy) }
}
