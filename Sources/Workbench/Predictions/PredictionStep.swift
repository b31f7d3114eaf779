import Experiments
import Foundation
import Store
import System
import Text
import Training
import Volumes

/// What `safnet run` does once runs have finished: scores them in the ways of predicting that the experiment asks for.
///
/// Nothing is trained. Each prediction is stored whole or not at all, so that whatever ends the step between, the same
/// command makes what is missing.
package struct PredictionStep {
  let specification: Specification
  let workspace: Workspace
  let program: RunningProgram
  let threads: Int
  let console: any Console
  /// Nil where the experiment has no external test set.
  var test: OpenedTest?

  package init(
    specification: Specification, workspace: Workspace, program: RunningProgram, threads: Int, console: any Console
  ) {
    (self.specification, self.workspace, self.program) = (specification, workspace, program)
    (self.threads, self.console) = (threads, console)
  }

  /// What is asked for of these runs and is not there, or was made from other weights; each once, though several rows may
  /// show it.
  ///
  /// - Parameter chosen: only what these alone make; nil: all.
  package func missing(of runs: [PlannedRun], among chosen: [PlannedRun]? = nil) throws -> [PlannedPrediction] {
    var seen: Set<String> = []
    let chosen = Set((chosen ?? runs).map(\.identity))
    let all =
      specification.predictions(of: runs) + (test.map { specification.predictions(of: runs, on: $0.external) } ?? [])
    return try all.filter { planned in
      guard planned.members.allSatisfy({ chosen.contains($0.identity) }) else { return false }
      guard seen.insert(planned.identity).inserted else { return false }
      if case .whole = try workspace.predicted(
        named: planned.directoryName, identity: planned.identity, members: directories(planned))
      {
        return false
      }
      return true
    }
  }

  /// Makes those whose runs have all finished.
  ///
  /// - Throws: `Failure` after everything else when some could not be made; why was said.
  func run(_ planned: [PlannedPrediction], source: any CaseSource) throws {
    let ready = try planned.filter { try directories($0).allSatisfy { try $0.state() == .finished } }
    var failed = 0
    for (index, one) in ready.enumerated() {
      let start = ContinuousClock.now
      do {
        try score(one, one.isExternal ? test?.cache ?? source : source)
      } catch {
        failed += 1
        console.error("error: \(one.label) could not be scored: \(words(of: error))")
        continue
      }
      let seconds = start.duration(to: .now) / .seconds(1)
      console.error("scored \(one.label) in \(Quantity.duration(seconds)) (\(index + 1) of \(ready.count))")
    }
    if failed > 0 { throw Failure(failed: failed, of: ready.count) }
  }

  /// What leads out of it here, where no option chooses another network.
  private func words(of error: any Error) -> String {
    guard case RunError.networkLost(let file, let cause, _, let run) = error else { return "\(error)" }
    return
      "\(file) cannot be read: \(cause). Take checkpoint out of the experiment's prediction; or, to train the run again,"
      + " type `safnet runs remove \(run) --yes --workspace \(ShellWord.quoted(workspace.root.path))`, then this command."
  }

  private func directories(_ planned: PlannedPrediction) -> [RunDirectory] {
    planned.members.map { workspace.runDirectory(named: $0.directoryName) }
  }

  private func score(_ planned: PlannedPrediction, _ source: any CaseSource) throws {
    let runs = directories(planned)
    // Before the weights: of a run that is trained anew meanwhile, the older journal goes with the older weights.
    let journals = try runs.map { try $0.journalDigest() ?? "" }
    let chosen = planned.way.checkpoint ?? planned.members[0].plan.training.evaluate
    let networks = try TrainedNetworks(
      runs, choice: chosen == .best ? .best : .last, engine: program.engine, threads: threads,
      networks: program.networks, losses: program.losses)
    let predictor = try Predictor(
      networks,
      options: .init(mirror: planned.way.mirror, levels: planned.way.levels, largestOnly: planned.largestOnly))
    let members = zip(networks.sources, journals).map { source, journal in
      PredictedRecord.Member(
        run: source.run, plan: source.plan, checkpoint: source.checkpoint, epoch: source.epoch,
        weights: source.weights, journal: journal)
    }
    let record = PredictedRecord(
      identity: planned.identity, mirror: planned.way.mirror, levels: planned.way.levels?.rawValue,
      largestOnly: planned.largestOnly, members: members, cases: planned.cases, program: program.version,
      hardware: program.engine.hardware, numerics: .current,
      date: Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down)))
    try workspace.store(record, named: planned.directoryName) { directory in
      try PredictionEvaluator(predictor, source: source, predictions: directory.predictionsFolder)
        .run(planned.cases, identity: planned.identity)
    }
  }

  /// Why was said of each.
  package struct Failure: Error, Equatable, CustomStringConvertible {
    package let failed: Int
    package let of: Int
    package var description: String {
      "\(failed) of \(Quantity.of(of, "prediction")) could not be scored; the runs are finished. Mend what was said, and give the same"
        + " command again."
    }
  }
}
