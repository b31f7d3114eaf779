import Compute
import Experiments

/// In which order, and in which batches, an epoch visits the training cases: a pure function of seed and epoch.
package struct EpochOrder: Equatable, Sendable {
  /// Indices into the fold's training cases, batch by batch.
  package let batches: [[Int]]

  package init(training: TrainingPlan, cases: Int, epoch: Int) {
    var stream = RandomStream(seed: training.seed, purpose: .caseOrder, epoch: epoch)
    let order = stream.shuffled(Array(0..<cases))
    var start = 0
    batches = training.batches(of: cases).map { size in
      defer { start += size }
      return Array(order[start..<start + size])
    }
  }
}
