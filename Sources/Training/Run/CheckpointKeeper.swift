import Compute
import Experiments
import Foundation
import Networks
import Store
import System

/// Saves and finds a run's checkpoints, and refuses those of another run or numerics version.
package struct CheckpointKeeper {
  private let run: RunDirectory
  private let planIdentity: String
  private let plan: Plan
  private let programVersion: String
  private let numericsVersion: NumericsVersion
  private let mixesNumerics: Bool
  private let earlier: Int

  /// - Parameters:
  ///   - mixesNumerics: go on from a checkpoint of another numerics version too.
  ///   - earlier: how many checkpoints before the last one stay while the run is trained.
  package init(
    run: RunDirectory, plan: Plan, planIdentity: String, programVersion: String,
    numericsVersion: NumericsVersion = .current, mixesNumerics: Bool = false,
    earlier: Int = TrainingRun.usualEarlierCheckpoints
  ) {
    (self.run, self.plan, self.planIdentity, self.programVersion) = (run, plan, planIdentity, programVersion)
    (self.numericsVersion, self.mixesNumerics, self.earlier) = (numericsVersion, mixesNumerics, earlier)
  }

  // MARK: Saving

  /// `last.h5`, in whose place the one before stays until it was read back, and after that among the earlier ones.
  package func saveLast(_ position: TrainingPosition, _ state: SessionState, journalPosition: Int) throws {
    let checkpoint = checkpoint(position, state, journalPosition)
    try run.ageEarlierCheckpoints(keeping: earlier)
    try CheckpointFile.write(checkpoint, to: run.lastCheckpoint, keeping: earlier > 0 ? run.previousCheckpoint : nil)
    try run.removeEarlierCheckpoints(keeping: earlier)
  }

  package func saveBest(_ position: TrainingPosition, _ state: SessionState, journalPosition: Int) throws {
    try CheckpointFile.write(checkpoint(position, state, journalPosition), to: run.bestCheckpoint)
  }

  private func checkpoint(_ position: TrainingPosition, _ state: SessionState, _ journalPosition: Int) -> Checkpoint {
    Checkpoint(
      planIdentity: planIdentity, programVersion: programVersion, numericsVersion: numericsVersion,
      epoch: position.epoch, stepInEpoch: position.stepInEpoch, step: state.step, journalPosition: journalPosition,
      history: position.history, best: position.best, partial: position.sums, sections: state.sections)
  }

  // MARK: Finding

  /// Where training goes on: from nothing, if there is no checkpoint; and what was passed over or made again, in words.
  package struct Start {
    package var checkpoint: Checkpoint?
    package var notices: [String]
  }

  /// Networks and scores of other runs, which somebody has put here, are kept under other names; which, in words.
  package func setAsideOthers() throws -> [String] {
    try run.setAsideOthers(than: planIdentity).map { file, identity, place in
      let differences = planDifferences(identity).joined(separator: "; ")
      return "\(file.path) does not belong to this run (\(differences)) and is \(place.lastPathComponent) now"
    }
  }

  /// The newest checkpoint from which the run ends whole.
  ///
  /// Nothing that is lost or damaged ends a run: what it held is trained again, from the newest good checkpoint that leads
  /// to it or from the beginning, to the same bits.
  ///
  /// - Throws: `RunError.otherNumerics` when training on would mix the bits of two numerics versions unasked; and what is
  ///   no damage (no memory, no permission), before anything is trained again because of it.
  package func findStart() throws -> Start {
    let found: CheckpointFile.Found
    do {
      guard let newest = try CheckpointFile.readNewest(in: run) else { return try startWithoutCheckpoint() }
      found = newest
    } catch let error as StoreError where error.isDamage {
      return Start(
        checkpoint: nil, notices: ["no checkpoint is intact (\(error.finding)); trained again from the beginning"])
    }
    try check(found.checkpoint, at: found.url)
    guard goesOn(found.checkpoint) else {
      throw RunError.otherNumerics(run: run.name, begun: found.checkpoint.numericsVersion, now: numericsVersion)
    }
    let notices = found.notices.map { ($0 as? StoreError)?.finding ?? "\($0)" }
    switch try secureBest(for: found.checkpoint) {
    case .sound: return Start(checkpoint: found.checkpoint, notices: notices)
    case .madeAgain(let notice): return Start(checkpoint: found.checkpoint, notices: notices + [notice])
    case .lost(let epoch, let cause): return try start(before: epoch, notices + [cause])
    }
  }

  private func startWithoutCheckpoint() throws -> Start {
    let epochs = try run.history().finishedEpochs
    let notice = "its checkpoints are gone, after \(epochs) epochs; trained again from the beginning"
    return Start(checkpoint: nil, notices: epochs > 0 ? [notice] : [])
  }

  private func goesOn(_ checkpoint: Checkpoint) -> Bool {
    checkpoint.numericsVersion == numericsVersion || mixesNumerics
  }

  /// A checkpoint from which the best epoch will happen again.
  private func start(before epoch: Int, _ notices: [String]) throws -> Start {
    for url in run.earlierCheckpoints() {
      guard let earlier = try readIfIntact(url), earlier.planIdentity == planIdentity, earlier.epoch < epoch,
        goesOn(earlier)
      else { continue }
      let notice = "trained again from epoch \(earlier.epoch + 1) on, as \(url.lastPathComponent) leads to it"
      return Start(checkpoint: earlier, notices: notices + [notice])
    }
    return Start(checkpoint: nil, notices: notices + ["trained again from the beginning, as no checkpoint leads to it"])
  }

  private func readIfIntact(_ url: URL) throws -> Checkpoint? {
    do { return try CheckpointFile.read(url) } catch let error as StoreError where error.isDamage { return nil }
  }

  private enum BestState {
    case sound
    case madeAgain(String)
    case lost(epoch: Int, cause: String)
  }

  /// Makes `best.h5` again from a checkpoint of the same epoch if it is lost or damaged.
  ///
  /// A best checkpoint of a later epoch than `checkpoint` is left alone: that epoch happens again, and is the best again.
  private func secureBest(for checkpoint: Checkpoint) throws -> BestState {
    guard let best = checkpoint.best else { return .sound }
    var cause = ""
    do {
      let found = try CheckpointFile.read(run.bestCheckpoint)
      try check(found, at: run.bestCheckpoint)
      let comesAgain = found.epoch > checkpoint.epoch && found.best?.epoch == found.epoch
      if found.epoch == best.epoch || comesAgain { return .sound }
      cause = "\(run.bestCheckpoint.path) is of epoch \(found.epoch), not \(best.epoch)"
    } catch let error as StoreError where error.isDamage {
      cause = error.finding
    } catch let error as SystemError where error.code == ENOENT {
      cause = "\(run.bestCheckpoint.path) is missing"
    }
    for source in [run.lastCheckpoint] + run.earlierCheckpoints() {
      guard access(source.path, F_OK) == 0, let twin = try readIfIntact(source),
        (twin.epoch, twin.stepInEpoch) == (best.epoch, 0)
      else { continue }
      try check(twin, at: source)
      try CheckpointFile.write(twin, to: run.bestCheckpoint)
      return .madeAgain("\(run.bestCheckpoint.path) was made again from \(source.lastPathComponent): \(cause)")
    }
    if plan.training.evaluate != .best { return .sound }
    return .lost(epoch: best.epoch, cause: "the network of the best epoch, \(best.epoch), is lost: \(cause)")
  }

  /// The network to be tested: of the best epoch, or of the last.
  package func evaluated(_ position: TrainingPosition) throws -> Checkpoint {
    let file = plan.training.evaluate == .best ? run.bestCheckpoint : run.lastCheckpoint
    do {
      let checkpoint = try CheckpointFile.read(file)
      try check(checkpoint, at: file)
      let wanted = plan.training.evaluate == .best ? position.best?.epoch : position.epoch
      guard checkpoint.epoch == wanted else {
        let cause = "it is of epoch \(checkpoint.epoch), not \(wanted.map(String.init) ?? "known")."
        throw RunError.bestCheckpointLost(file: file.path, cause: cause, run: run.name)
      }
      return checkpoint
    } catch let error where error is StoreError || error is SystemError {
      throw RunError.bestCheckpointLost(file: file.path, cause: "\(error)", run: run.name)
    }
  }

  private func check(_ checkpoint: Checkpoint, at file: URL) throws {
    guard checkpoint.planIdentity != planIdentity else { return }
    throw RunError.foreignCheckpoint(file: file.path, differences: planDifferences(checkpoint.planIdentity))
  }

  /// The fields in which the plans differ, when the other run still stands beside this one.
  private func planDifferences(_ other: String) -> [String] {
    let folder = run.url.deletingLastPathComponent()
    let siblings = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    for sibling in siblings {
      guard let stored = try? RunDirectory(sibling).readPlan(), stored.identity == other,
        let otherPlan = try? Plan(json: stored.planJSON, file: sibling.path)
      else { continue }
      return differences(between: otherPlan, and: plan).map { "\($0)" }
    }
    return ["plan: was \(other.prefix(12)), is \(planIdentity.prefix(12))"]
  }
}

extension SessionState {
  private enum Section: String, CaseIterable {
    case parameters, statistics
    case firstMoments = "first_moments"
    case secondMoments = "second_moments"
    case averagedParameters = "averaged_parameters"
    case averagedStatistics = "averaged_statistics"
  }

  /// As a checkpoint keeps it; without averages, as every checkpoint before there were any.
  package var sections: [String: [NamedTensor]] {
    let averages = [
      Section.averagedParameters.rawValue: averagedParameters, Section.averagedStatistics.rawValue: averagedStatistics,
    ]
    let always = [
      Section.parameters.rawValue: parameters, Section.statistics.rawValue: statistics,
      Section.firstMoments.rawValue: firstMoments, Section.secondMoments.rawValue: secondMoments,
    ]
    return averagedParameters.isEmpty ? always : always.merging(averages) { own, _ in own }
  }

  package init(_ checkpoint: Checkpoint) {
    func tensors(_ section: Section) -> [NamedTensor] { checkpoint.sections[section.rawValue] ?? [] }
    self.init(
      parameters: tensors(.parameters), statistics: tensors(.statistics), firstMoments: tensors(.firstMoments),
      secondMoments: tensors(.secondMoments), step: checkpoint.step,
      averagedParameters: tensors(.averagedParameters), averagedStatistics: tensors(.averagedStatistics))
  }
}
