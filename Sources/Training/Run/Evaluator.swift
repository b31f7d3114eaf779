import Experiments
import Foundation
import Metrics
import Networks
import Store
import Volumes
import System

/// Scores the chosen network on the test cases, on each image's own grid and on the network's, and keeps what it
/// predicted.
package struct Evaluator {
  package let plan: Plan
  package let source: any CaseSource
  package let session: any NetworkSession
  /// Where the predicted label maps go: `CASE.nii.gz` on the image's own grid, with the label map's numbers, and
  /// `network-grid/CASE.nii.gz` on the network's, with class indices.
  package let predictions: URL

  /// What one case came to.
  private struct Scored {
    let networkGrid, imageGrid: CaseEvaluation
    let ceiling: [Double?]
  }

  private var networkGrid: URL { predictions.appendingPathComponent("network-grid", isDirectory: true) }

  /// Every test case in the fold's order, or nil when a stop was asked for.
  package func run(stop: StopFlag, afterCase: (Int) -> Void) throws -> StoredEvaluation? {
    for folder in [predictions, networkGrid] {
      try Folder.create(folder)
      try NIfTI.removeUnfinished(in: folder)
    }
    var scored: [Scored] = []
    for name in plan.fold.test {
      if stop.isRequested { return nil }
      scored.append(try score(name))
      afterCase(scored.count)
    }
    return StoredEvaluation(
      planIdentity: plan.identity, structures: plan.structures.names, cases: scored.map(\.networkGrid),
      imageGrid: StoredEvaluation.ImageGrid(cases: scored.map(\.imageGrid), ceiling: scored.map(\.ceiling)))
  }

  private func score(_ name: String) throws -> Scored {
    let (one, truth) = (try source.load(name), try source.truth(name))
    let prediction = try session.predict(one.image)
    try NIfTI.write(preparedGrid: prediction, spacing: one.spacing, to: file(name, in: networkGrid))
    let steps = PreprocessingSteps(plan.preprocessing, for: truth.labels.extent)
    let restored = steps.restored(prediction)
    try NIfTI.write(restored, map: plan.structures, geometry: truth.geometry, to: file(name, in: predictions))
    let classes = plan.structures.classes
    var kept = steps.restored(steps.labels(truth.labels))
    // Ignored voxels that resampling moved onto others are nothing that a network could find there.
    for index in kept.values.indices where Int(kept.values[index]) >= classes { kept.values[index] = 0 }
    let reached = Overlap(prediction: kept, truth: truth.labels, classes: classes)
    return Scored(
      networkGrid: evaluate(
        name: name, prediction: prediction, truth: one.labels, classes: classes, spacing: one.spacing),
      imageGrid: evaluate(
        name: name, prediction: restored, truth: truth.labels, classes: classes, spacing: truth.geometry.spacing),
      ceiling: (1..<classes).map(reached.dice))
  }

  private func file(_ name: String, in folder: URL) -> URL { folder.appendingPathComponent("\(name).nii.gz") }
}

extension Array<CaseEvaluation> {
  /// What the journal keeps of an evaluation.
  func record(epoch: Int, structures: Int, seconds: Double) -> EvaluationRecord {
    EvaluationRecord(
      cases: count, epoch: epoch, meanDice: mean(ofCounted: map(\.meanDice)),
      structureDice: (0..<structures).map { structure in mean(ofCounted: map { $0.dice[structure] }) }, seconds: seconds
    )
  }
}
