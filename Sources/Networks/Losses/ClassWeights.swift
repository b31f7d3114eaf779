/// How much a voxel counts in a cross-entropy, by the class of its label: one number for each class, the background's first.
///
/// | loss | with weights w | as in |
/// |---|---|---|
/// | `crossEntropy`, and that part of `diceCrossEntropy` | `−Σ_v w log p(label) / Σ_v w`, w of the label's class | `F.cross_entropy(weight=w)` |
/// | `pixelwise` | the mean over voxels and classes of `−w_c [y log p + (1 − y) log(1 − p)]` | `F.binary_cross_entropy(weight=w)` |
///
/// Dice has none: it already counts every class alike.
package struct ClassWeights: Hashable, Sendable {
  /// At least 0, in the order of the classes.
  package let values: [Float]

  /// Weights of every class of a network.
  package init(_ values: [Float]) {
    precondition(values.allSatisfy { $0 >= 0 && $0.isFinite }, "weights are numbers of at least 0: \(values)")
    self.values = values
  }

  /// `Σ w` over so many voxels of every class.
  package func sum(_ voxels: [Double]) -> Double {
    zip(values, voxels).reduce(0) { $0 + Double($1.0) * $1.1 }
  }
}

extension Double {
  /// 1 where there is nothing to divide by.
  package var orOne: Double { self > 0 ? self : 1 }
}
