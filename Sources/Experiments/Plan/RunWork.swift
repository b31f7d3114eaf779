/// How many cases a run, or a part of it, goes over: what costs, paces and estimates are made of.
package struct RunWork: Hashable, Sendable {
  /// Cases that are trained; one that is trained in every epoch counts in each.
  package var trained: Int
  /// Cases that are only predicted: validation in every epoch, the test at the end.
  package var predicted: Int

  /// Cases of a part of a run that is none of those below, such as an epoch's first batches.
  package init(trained: Int, predicted: Int) { (self.trained, self.predicted) = (trained, predicted) }

  /// A training step takes the forward pass, and as much again for each of its two gradients: by the input and by the
  /// weights.
  package static let passesPerTrainedCase = 3

  /// The whole in forward passes of the network: `3 trained + windows · predicted`.
  ///
  /// - Parameter windows: that the prediction of a case takes; 1 for whole images.
  package func forwardPasses(windows: Double = 1) -> Double {
    Double(Self.passesPerTrainedCase * trained) + windows * Double(predicted)
  }
}

extension TrainingPlan {
  /// One epoch of a fold of these sizes: every case of its batches, then the validation cases.
  package func workOfAnEpoch(_ fold: FoldSizes) -> RunWork {
    RunWork(trained: batches(of: fold.train).reduce(0, +), predicted: fold.validation)
  }

  /// A whole run on a fold of these sizes: all epochs, then the test cases once.
  package func work(_ fold: FoldSizes) -> RunWork {
    let epoch = workOfAnEpoch(fold)
    return RunWork(trained: epochs * epoch.trained, predicted: epochs * epoch.predicted + fold.test)
  }
}
