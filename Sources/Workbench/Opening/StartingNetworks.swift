import Compute
import Experiments
import Foundation
import Networks
import Store
import System
import Text
import Training
import Volumes

/// What `training.start` names: a finished run of the workspace, a checkpoint's file in its run's folder, or weights that
/// the workspace keeps already.
struct StartingNetwork {
  private let name: String
  /// Of the run that trained it; nil where that is gone.
  private let plan: Plan?
  private let weights: Checkpoint

  /// - Throws: `StartRefusal` where there is no such network.
  init(_ training: TrainingPlan, in workspace: Workspace, folder: URL) throws {
    let text = training.start
    if let digest = training.startDigest {
      try self.init(text, file: workspace.startFile(digest), plan: nil)
    } else if text.hasSuffix(".h5") {
      let file = URL(fileURLWithPath: text, relativeTo: folder).standardizedFileURL
      guard access(file.path, F_OK) == 0 else {
        throw StartRefusal(
          "\(file.path): there is no such file; give a finished run's name (`safnet runs list` shows them), or a checkpoint in its"
            + " run's folder")
      }
      let run = RunDirectory(file.deletingLastPathComponent())
      guard access(run.planFile.path, F_OK) == 0 else {
        throw StartRefusal(
          "\(file.path) has no plan.json beside it, which says what network it is; give a checkpoint in its run's folder"
        )
      }
      try self.init(text, file: file, plan: Self.plan(of: run))
    } else {
      try self.init(run: text, in: workspace)
    }
  }

  private init(run text: String, in workspace: Workspace) throws {
    let run: RunDirectory
    do { run = try workspace.run(named: text) } catch {
      guard let kept = try workspace.keptStarts().first(where: { text.hasSuffix("-" + $0.plan.prefix(12)) }) else {
        throw StartRefusal("\(error)")
      }
      try self.init(text, file: kept.file, plan: nil)
      return
    }
    let state = try run.state()
    guard state == .finished else {
      throw StartRefusal("\(run.name) is \(state.rawValue), and only what is finished can be begun with")
    }
    let plan = try Self.plan(of: run)
    let file = plan.training.evaluate == .best ? run.bestCheckpoint : run.lastCheckpoint
    try self.init(run.name, file: file, plan: plan, testedOf: run)
  }

  private init(_ name: String, file: URL, plan: Plan?, testedOf run: RunDirectory? = nil) throws {
    let checkpoint: Checkpoint
    do { checkpoint = try CheckpointFile.read(file) } catch { throw StartRefusal("\(error)") }
    if let plan, checkpoint.planIdentity != plan.identity {
      throw StartRefusal("\(file.path) does not belong to the plan beside it")
    }
    if let flaw = try run?.otherEpoch(of: file, checkpoint) {
      throw StartRefusal("\(file.path) \(flaw.cause); `safnet run` with its experiment makes it anew")
    }
    (self.name, self.plan) = (name, plan)
    weights = checkpoint.asPredicting
  }

  private static func plan(of run: RunDirectory) throws -> Plan {
    do { return try run.plan() } catch { throw StartRefusal("\(error)") }
  }

  var digest: String { weights.weightsDigest }
  /// The identity of the plan that trained it.
  var source: String { weights.planIdentity }

  func keep(in workspace: Workspace) throws { try workspace.keepStart(weights) }

  /// - Throws: `StartRefusal` for another architecture or another number of channels, or other structures where they are
  ///   known.
  func check(_ variant: Variant, structures: LabelMap?) throws {
    guard let plan else { return }
    let (learnt, wanted) = (plan.model.channels, variant.model.channels)
    if learnt != wanted {
      throw unfit(
        "has learnt from images of \(Quantity.of(learnt, "channel")), and this experiment's have \(wanted)"
          + " (dataset.channels)",
        unless: "take as many channels")
    }
    var own = plan
    own.model = variant.model.resolved
    let changes = differences(between: plan, and: own)
    if !changes.isEmpty {
      let words = changes.prefix(3).map { "\($0)" }.joined(separator: ", ")
      throw unfit("is another network (\(words))", unless: "write the same model for the variant as that run has")
    }
    if let structures, plan.structures.names != structures.names {
      throw unfit(
        "has learnt \(Self.list(plan.structures)), this experiment learns \(Self.list(structures))",
        unless: "learn the same (dataset.labels)")
    }
  }

  private func unfit(_ reason: String, unless remedy: String) -> StartRefusal {
    StartRefusal(
      "\(name) \(reason); its weights do not fit: \(remedy), name another run (`safnet runs list` shows them), or leave"
        + " training.start out")
  }

  private static func list(_ labels: LabelMap) -> String {
    let names = labels.names
    return names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }
}

extension Checkpoint {
  /// Its averages as the network, where it has any: what was validated and tested.
  fileprivate var asPredicting: Checkpoint {
    var own = self
    own.sections = SessionState(self).forPrediction.sections
    return own.weightsAlone
  }
}

extension Specification {
  /// The same, with what every `training.start` names found and told by its SHA-256.
  ///
  /// - Parameters:
  ///   - structures: where they are known.
  ///   - keeps: whether the weights are kept in the workspace for the runs that begin with them.
  func settlingStarts(in workspace: Workspace, structures: LabelMap?, keeps: Bool) throws -> Specification {
    var known: [String: StartingNetwork] = [:]
    return try settlingStarts { variant, folder in
      let text = variant.training.start
      let found = try known[text] ?? StartingNetwork(variant.training, in: workspace, folder: folder)
      known[text] = found
      try found.check(variant, structures: structures)
      if keeps { try found.keep(in: workspace) }
      return found.digest
    }
  }

  /// The same without variants that nobody asks for and whose first weights are not there: what is trained first for
  /// them would else wait for itself.
  ///
  /// - Parameter asked: names of variants; those stay, whatever is wrong with them.
  package func withoutUnsettledStarts(
    besides asked: Set<String>, in workspace: Workspace
  ) -> (specification: Specification, notices: [String]) {
    let lost = variants.filter { !asked.contains($0.name) && !$0.training.start.isEmpty }.compactMap { variant in
      refusal(of: variant, in: workspace).map { (name: variant.name, words: $0) }
    }
    guard !lost.isEmpty, lost.count < variants.count else { return (self, []) }
    var part = self
    part.variants = variants.filter { variant in !lost.contains { $0.name == variant.name } }
    if let baseline = report.baseline, lost.contains(where: { $0.name == baseline }) { part.report.baseline = nil }
    return (
      part, lost.map { "the variant \($0.name), which is not asked for, is left out: its training.start: \($0.words)" }
    )
  }

  /// What `safnet run` will refuse of what every `training.start` names.
  package func startRefusals(in workspace: Workspace) -> [String] {
    let refused = variants.filter { !$0.training.start.isEmpty }.compactMap { variant in
      refusal(of: variant, in: workspace).map { (name: variant.name, words: $0) }
    }
    return refused.map(\.words).distinct.map { words in
      "\(refused.filter { $0.words == words }.map(\.name).joined(separator: ", ")): training.start: \(words)"
    }
  }

  private func refusal(of variant: Variant, in workspace: Workspace) -> String? {
    do {
      try StartingNetwork(variant.training, in: workspace, folder: workingDirectory).check(variant, structures: nil)
      return nil
    } catch let refusal as StartRefusal {
      return refusal.words
    } catch {
      return nil
    }
  }

  /// The plans that trained what every `training.start` names, by the digests of the weights.
  func startSources(in workspace: Workspace) throws -> [String: String] {
    var sources: [String: String] = [:]
    _ = try settlingStarts { variant, folder in
      let found = try StartingNetwork(variant.training, in: workspace, folder: folder)
      sources[found.digest] = found.source
      return found.digest
    }
    return sources
  }
}
