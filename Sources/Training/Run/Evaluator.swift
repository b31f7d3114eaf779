import Experiments
import Foundation
import Metrics
import Networks
import Store

/// Scores the chosen network on the test cases, on each image's own grid and on the network's, and keeps what it
/// predicted.
package struct Evaluator {
  package let plan: Plan
  package let source: any CaseSource
  package let session: any NetworkSession
  /// Where the predicted label maps go.
  package let predictions: URL

  /// Every test case in the fold's order, or nil when a stop was asked for.
  package func run(stop: StopFlag, afterCase: (Int) throws -> Void) throws -> StoredEvaluation? {
    let scoring = CaseScoring(plan: plan, predictions: predictions)
    try scoring.prepareFolders()
    var scored: [CaseScoring.Scored] = []
    for name in plan.fold.test {
      if stop.isRequested { return nil }
      let (one, truth) = (try source.load(name), try source.truth(name))
      guard let prediction = try session.predict(one.channels, stop: stop) else { return nil }
      scored.append(try scoring.score(prediction, scoring.steps(truth).restored(prediction), of: one, truth))
      try afterCase(scored.count)
    }
    return scoring.evaluation(scored, identity: plan.identity)
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
