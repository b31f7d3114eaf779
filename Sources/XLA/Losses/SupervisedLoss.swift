import Networks

extension AnyLoss {
  /// Whether a program can have it: any mean of voxels' terms, and losses of overlaps with a formula here.
  var isWritable: Bool {
    switch value.passes {
    case .terms: true
    case .overlaps: value is any XLAOverlapLoss
    }
  }

  private func written(_ scores: LabelledScores) -> WrittenLoss {
    switch value.passes {
    case .terms(let term): return term.written(scores)
    case .overlaps:
      guard let loss = value as? any XLAOverlapLoss else { preconditionFailure("\(name) has no formula here") }
      return scores.written(loss)
    }
  }

  /// The weighted sum over everything that is supervised, and the gradients by each: deep supervision takes the labels that
  /// lie nearest to the voxels of a coarser grid.
  ///
  /// - Parameters:
  ///   - supervised: class scores, the network's own first.
  ///   - labels: the image's.
  func written(
    _ supervised: [Value], labels: Value, weights: ClassWeights?
  ) -> (value: Value, gradients: [Value]) {
    let shares = DeepSupervision.weights(supervised.count)
    let losses = zip(supervised, shares).map { scores, share in
      let own = Side.voxels.reduce(labels) {
        $0.gathered(DeepSupervision.sources(from: labels.shape[$1], to: scores.shape[$1]), along: $1)
      }
      let loss = written(LabelledScores(scores, own, weights: weights))
      return share == 1 ? loss : WrittenLoss(value: loss.value * share, gradient: loss.gradient * share)
    }
    return (losses.dropFirst().reduce(losses[0].value) { $0 + $1.value }, losses.map(\.gradient))
  }
}
