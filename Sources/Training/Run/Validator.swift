import Compute
import Experiments
import Metrics
import Networks

/// Scores the network on the cases that choose the best epoch.
package struct ValidationScore: Equatable, Sendable {
  /// Per structure, over the cases where it counts; nil where it counts in none.
  package let dice: [Double?]
  /// Mean over cases of the case's mean Dice.
  package let meanDice: Double?
  /// Right voxels among all, background included.
  package let voxelAccuracy: Double

  /// From the overlaps of every validation case with its truth.
  package init(_ overlaps: [Overlap]) {
    let structures = 1..<(overlaps.first?.classes ?? 1)
    let scores = overlaps.map { overlap in structures.map { overlap.dice($0) } }
    dice = structures.map { structure in mean(ofCounted: scores.map { $0[structure - 1] }) }
    meanDice = mean(ofCounted: scores.map { mean(ofCounted: $0) })
    let right = overlaps.reduce(0) { $0 + $1.common.reduce(0, +) }
    let all = overlaps.reduce(0) { $0 + $1.confusion.reduce(0, +) }
    voxelAccuracy = all > 0 ? Double(right) / Double(all) : 0
  }

  /// What schedule and best epoch look at. A network that finds nothing countable scores 0.
  package func monitored(as monitor: TrainingPlan.Monitor) -> Double {
    switch monitor {
    case .meanDice: meanDice ?? 0
    case .voxelAccuracy: voxelAccuracy
    }
  }
}

/// Predicts the validation cases one by one with the running statistics.
package struct Validator {
  package let plan: Plan
  package let source: any CaseSource
  package let session: any NetworkSession

  /// Nil when a stop was asked for.
  package func score(stop: StopFlag) throws -> ValidationScore? {
    var overlaps: [Overlap] = []
    for name in plan.fold.validation {
      if stop.isRequested { return nil }
      let one = try source.load(name)
      guard let prediction = try session.predict(one.channels, stop: stop) else { return nil }
      overlaps.append(Overlap(prediction: prediction, truth: one.labels, classes: plan.structures.classes))
    }
    return ValidationScore(overlaps)
  }
}
