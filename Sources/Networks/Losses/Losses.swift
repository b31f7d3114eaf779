/// Every loss of this program. A new one is its file and a line here.
package let losses: [any Loss.Type] = [
  PixelwiseLoss.self, CrossEntropyLoss.self, DiceLoss.self, DiceCrossEntropyLoss.self,
]

/// The losses that an experiment can name: a value, handed down to whatever reads experiments and plans.
package struct LossRegistry: Sendable {
  package let losses: [any Loss.Type]

  package static let standard = LossRegistry(Networks.losses)

  package init(_ losses: [any Loss.Type]) {
    let names = losses.map { $0.name }
    precondition(!names.isEmpty && Set(names).count == names.count, "two losses of one name, or none: \(names)")
    self.losses = losses
  }
}

extension AnyLoss {
  package static let pixelwise = AnyLoss(PixelwiseLoss())
  package static let crossEntropy = AnyLoss(CrossEntropyLoss())
}
