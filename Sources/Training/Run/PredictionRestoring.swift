import Experiments
import Foundation
import Networks
import Store

/// Predicts the test cases of a finished run again, whose label maps are lost. Its journal, networks and scores stay as
/// they are, so that nothing is less than before, whatever interrupts this.
struct PredictionRestoring {
  private let run: TrainingRun

  init(_ run: TrainingRun) { self.run = run }

  /// Says in the log whether the maps are those that were scored.
  ///
  /// - Returns: false where a stop was asked for.
  func run(stop: StopFlag, afterCase: () throws -> Void) throws -> Bool {
    let plan = run.plan
    let tested = plan.training.evaluate == .best ? run.directory.bestCheckpoint : run.directory.lastCheckpoint
    let checkpoint = try CheckpointFile.read(tested)
    let session = try run.engine.checkedSession(
      SessionRequest(plan, trainingBatches: plan.training.batches(of: plan.fold.train.count), threads: run.threads))
    try session.importState(SessionState(checkpoint).forPrediction)
    let evaluator = Evaluator(
      plan: plan, source: CaseShelf(run.cases), session: session, predictions: run.directory.predictionsFolder)
    guard let found = try evaluator.run(stop: stop, afterCase: { _ in try afterCase() }) else { return false }
    let stored = try EvaluationFile.read(run.directory.evaluationFile)
    run.say(
      found == stored
        ? Self.restored
        : "\(Self.restored), and score otherwise than evaluation.h5, which stays as it is: another processor or program"
          + " computes other bits")
    return true
  }

  private static let restored = "the label maps of its test cases were predicted again"
}
