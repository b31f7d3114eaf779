/// Cross-entropy of the label's class, mean over voxels:
///
///     L = −1 / V · Σ_v log p(label)
package struct CrossEntropyLoss: Loss {
  package static let name = "crossEntropy"
  package static let summary = "Cross-entropy over the classes"
  package init() {}
  package var passes: LossPasses { .terms(.crossEntropy) }
}
