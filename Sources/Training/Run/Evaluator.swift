import Experiments
import Foundation
import Metrics
import Networks
import Store
import Volumes
import System

/// Scores the chosen network on the test cases and keeps what it predicted.
package struct Evaluator {
  package let plan: Plan
  package let source: any CaseSource
  package let session: any NetworkSession
  /// Where the predicted label maps go: `CASE.nii.gz` on the prepared grid, class indices.
  package let predictions: URL

  /// Every test case in the fold's order, or nil when a stop was asked for.
  package func run(stop: StopFlag, afterCase: (Int) -> Void) throws -> [CaseEvaluation]? {
    try Folder.create(predictions)
    try NIfTI.removeUnfinished(in: predictions)
    var evaluations: [CaseEvaluation] = []
    for name in plan.fold.test {
      if stop.isRequested { return nil }
      evaluations.append(try score(name))
      afterCase(evaluations.count)
    }
    return evaluations
  }

  private func score(_ name: String) throws -> CaseEvaluation {
    let one = try source.load(name)
    let prediction = try session.predict(one.image)
    let file = predictions.appendingPathComponent("\(name).nii.gz")
    try NIfTI.write(preparedGrid: prediction, spacing: one.spacing, to: file)
    return evaluate(
      name: name, prediction: prediction, truth: one.labels, classes: plan.structures.classes, spacing: one.spacing)
  }
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
