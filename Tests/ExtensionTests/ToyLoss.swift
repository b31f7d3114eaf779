import Networks

/// A loss in one file, without a kernel of its own: soft Jaccard over the batch.
struct ToyLoss: Loss {
  var background = true

  static let name = "toy"
  static let summary = "1 - soft Jaccard over the batch"
  static var fields: [LossField<ToyLoss>] {
    [.flag("background", \.background, meaning: "Whether the background counts as a class")]
  }

  var passes: LossPasses {
    .overlaps { [self] cases in
      let classes = (background ? 0 : 1)..<cases[0].common.count
      let none = [Double](repeating: 0, count: cases[0].common.count)
      var result = OverlapLoss(
        value: 1, derivatives: cases.map { _ in .init(common: none, predicted: none, crossEntropy: 0) })
      for c in classes {
        let common = cases.reduce(0) { $0 + $1.common[c] }
        let union = cases.reduce(1e-5) { $0 + $1.predicted[c] + $1.labelled[c] } - common
        result.value -= common / union / Double(classes.count)
        for index in cases.indices {
          result.derivatives[index].common[c] = -(union + common) / (union * union) / Double(classes.count)
          result.derivatives[index].predicted[c] = common / (union * union) / Double(classes.count)
        }
      }
      return result
    }
  }
}

extension LossRegistry {
  static let withToy = LossRegistry(Networks.losses + [ToyLoss.self])
}
