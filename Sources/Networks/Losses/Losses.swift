/// Every loss of this program. A new one is its file and a line here.
package let losses: [any Loss.Type] = [
  PixelwiseLoss.self, CrossEntropyLoss.self, DiceLoss.self, DiceCrossEntropyLoss.self,
]

/// The losses that an experiment can name: a value, handed down to whatever reads experiments and plans.
package struct LossRegistry: Sendable {
  /// In the order in which messages and the schema name them.
  package let losses: [any Loss.Type]

  /// The losses of this program.
  package static let standard = LossRegistry(Networks.losses)

  /// A list without two losses of one name; anything else traps.
  package init(_ losses: [any Loss.Type]) {
    let names = losses.map { $0.name }
    precondition(!names.isEmpty && Set(names).count == names.count, "two losses of one name, or none: \(names)")
    self.losses = losses
  }
}

extension AnyLoss {
  /// The paper's loss (Eq. 9) and the default, `PixelwiseLoss`.
  package static let pixelwise = AnyLoss(PixelwiseLoss())
  /// Cross-entropy of the label's class, `CrossEntropyLoss`.
  package static let crossEntropy = AnyLoss(CrossEntropyLoss())
}
