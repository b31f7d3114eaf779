import Experiments
import Foundation
import Store
import Text
import Volumes

/// The run directories of a workspace. A plan or a journal is read when it is asked for, and once: of thousands of runs a
/// command mostly asks about its own.
final class StoredRuns {
  /// A run with the plan that its directory holds.
  struct Run {
    let plan: Plan
    fileprivate let entry: Entry

    var directory: RunDirectory { entry.directory }
    var isFinished: Bool { entry.isFinished }
    /// Whether some process trains it now.
    var isRunning: Bool { entry.isRunning }
    /// Whether it was begun, and nobody finishes it now.
    var isLeft: Bool { !isFinished && [.failed, .interrupted, .stale].contains(state) }
    var state: RunState { entry.progress.state }
    /// That it has finished.
    var epochs: Int { entry.progress.epochs }
  }

  /// A directory, and what has been read of it so far.
  fileprivate final class Entry {
    let name: String
    private let workspace: Workspace
    private(set) lazy var directory = workspace.runDirectory(named: name)
    private(set) lazy var plan: Plan? = {
      guard let stored = try? directory.readPlan() else { return nil }
      return try? Plan(json: stored.planJSON, file: directory.planFile.path)
    }()
    private(set) lazy var isFinished: Bool = (try? Journal.saysFinished(directory.journal)) ?? false
    private(set) lazy var isRunning: Bool = !isFinished && ((try? RunLock.probe(directory).isHeld) ?? false)
    private(set) lazy var progress: (state: RunState, epochs: Int) = {
      guard let history = try? directory.history(), let state = try? directory.state(after: history) else {
        return (.queued, 0)
      }
      return (state, history.finishedEpochs)
    }()

    init(_ name: String, in workspace: Workspace) { (self.name, self.workspace) = (name, workspace) }

    var run: Run? { plan.map { Run(plan: $0, entry: self) } }
  }

  /// Of the workspace.
  let cacheFolder: URL
  private let entries: [Entry]
  private let byName: [String: Entry]
  private let workspace: Workspace
  /// Read once, as plans are.
  private lazy var records = workspace.experimentRecords()
  private lazy var claims = RunClaims(records, in: workspace)
  private var unrelated: [String: Set<String>] = [:]
  private var owned: [String: [String]] = [:]
  private var namesakes: [String: [Namesakes.Other]] = [:]

  init(_ workspace: Workspace) throws {
    // What is no run has no plan.
    cacheFolder = workspace.cacheFolder
    self.workspace = workspace
    entries = try workspace.entries().map { Entry($0, in: workspace) }
    byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
  }

  /// Every run. A directory whose plan cannot be read is nobody's run here; who asks for it by name is told.
  var runs: [Run] { entries.compactMap(\.run) }

  /// The experiments that asked for a run, as far as the workspace knows.
  func experiments(of run: String) -> [String] { (claims.experiments(of: run) ?? []).distinct }

  /// Where none does: those that did before.
  func formerExperiments(of run: String) -> [String] { (claims.formerExperiments(of: run) ?? []).distinct }

  /// Whether the experiment asks for it, or did before, as this variant.
  func isOwn(_ run: String, of experiment: String, variant: String) -> Bool {
    claims.variant(of: run) == variant && (experiments(of: run) + formerExperiments(of: run)).contains(experiment)
  }

  /// Whether a run stands where an experiment asks for another: of the fold, and of the network or of the variant, which the
  /// experiment asked for before its network was changed.
  func isInPlace(_ run: Run, of asked: PlannedRun, of experiment: String) -> Bool {
    run.plan.fold.number == asked.fold
      && (run.plan.model == asked.plan.model || isOwn(run.directory.name, of: experiment, variant: asked.variant))
  }

  /// Runs that are of other experiments alone, each of which has a file of its own: they only happen to lie in one workspace
  /// with this one's. A file that is gone was this one's, renamed, where it lay in the same folder; else another study's.
  func unrelated(to specification: Specification) -> Set<String> {
    let own = specification.file
    let key = Self.key(specification)
    if let known = unrelated[key] { return known }
    func isOther(_ record: ExperimentRecord) -> Bool {
      guard record.name != specification.name, let path = record.file else { return false }
      if let file = workspace.file(recordedAs: path) { return file.onePath != own?.onePath }
      let folder = workspace.place(recordedAs: path).deletingLastPathComponent()
      return folder.onePath != own?.deletingLastPathComponent().onePath
    }
    func runs(of record: ExperimentRecord) -> [String] { (record.variants + (record.earlier ?? [])).flatMap(\.runs) }
    let found = Set(records.filter(isOther).flatMap(runs)).subtracting(records.filter { !isOther($0) }.flatMap(runs))
    unrelated[key] = found
    return found
  }

  /// The other file whose experiment has this one's name and asked for the run; nil where this one did, or none is known.
  func namesake(askingFor run: String, besides specification: Specification) -> URL? {
    guard let record = records.first(where: { $0.name == specification.name }), let own = specification.file else {
      return nil
    }
    let key = Self.key(specification)
    let others = namesakes[key] ?? Namesakes(of: record, in: workspace, besides: [own]).others
    namesakes[key] = others
    let isOwn = record.files.contains { path, runs in
      runs.contains(run) && workspace.place(recordedAs: path).onePath == own.onePath
    }
    return isOwn ? nil : others.first { $0.runs.contains(run) }?.file
  }

  private static func key(_ specification: Specification) -> String {
    "\(specification.name)\n\(specification.file?.onePath ?? "")"
  }

  /// The run of this name.
  subscript(_ name: String) -> Run? { byName[name]?.run }

  /// Whether there is such a run, and it is finished. Its plan is not read.
  func isFinished(_ name: String) -> Bool { byName[name]?.isFinished == true }

  func holds(_ name: String) -> Bool { self[name] != nil }

  /// Runs that the experiment asked for as this variant, now or before: of other networks too, which have other names.
  func own(of experiment: String, variant: String) -> [String] {
    let key = "\(experiment)\n\(variant)"
    if let known = owned[key] { return known }
    let found = records.filter { $0.name == experiment }.flatMap { $0.variants + ($0.earlier ?? []) }
      .filter { $0.name == variant }.flatMap(\.runs).distinct
    owned[key] = found
    return found
  }

  /// The names that are not in `asked`, by their place: what stands before the identity in a directory's name, network
  /// and fold. No plan is read.
  func strangers(notIn asked: Set<String>) -> [Substring: [String]] {
    Dictionary(grouping: byName.keys.filter { !asked.contains($0) }.sorted(), by: Self.place)
  }

  /// What may stand in a run's place, beside what is asked for: the strangers of its network and fold, and its variant's own.
  func neighbours(
    of run: PlannedRun, of experiment: String, among strangers: [Substring: [String]], notIn asked: Set<String>
  ) -> [String] {
    let own = own(of: experiment, variant: run.variant).filter { !asked.contains($0) }
    return ((strangers[Self.place(run.directoryName)] ?? []) + own).distinct
  }

  static func place(_ name: String) -> Substring { name.dropLast(PlannedRun.identityDigits) }
}

extension Specification {
  /// The variant and the seed that a plan is of, whatever its cases: all that the experiment decides is as it says.
  ///
  /// - Parameter candidates: `seededVariants`, which whoever asks about many plans makes once.
  func seededVariant(of plan: Plan, among candidates: [SeededVariant]) -> SeededVariant? {
    if let known = dataset.knownLabels, !plan.structures.learns(as: known) { return nil }
    let canonical = plan.canonicalJSON
    return candidates.first { trained in
      guard trained.seed == plan.training.seed, trained.variant.model.resolved == plan.model else { return false }
      let asked = self.plan(for: trained, fold: plan.fold, labels: plan.structures, dataset: plan.dataset)
      return asked == plan || asked.canonicalJSON == canonical
    }
  }
}
