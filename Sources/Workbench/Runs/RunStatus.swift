import Experiments
import Foundation
import Scheduling
import Slurm
import Store
import System

/// One run as `safnet status` shows it.
package struct RunStatus: Codable, Equatable, Sendable {
  package var run: String
  package var variant: String?
  package var fold: Int?
  /// Of its training; nil where its plan is not known.
  package var seed: UInt64?
  package var state: RunState
  /// Finished epochs, and those of the plan when it is known.
  package var epochs: Int
  package var plannedEpochs: Int?
  /// Best validation score, 0 to 1.
  package var best: Double?
  /// Mean Dice of the test cases, 0 to 1.
  package var testDice: Double?
  package var seconds: Double
  /// Of a run that is being trained.
  package var secondsLeft: Double?
  package var failure: String?
  package var logTail: [String]?
  package var notice: String?
  /// Of a run that is being trained on another machine: which.
  package var host: String?
  /// Of a run whose worker has not been heard of for long.
  package var silence: WorkerSilence?
  /// Of a run with a job on a cluster: its state there, and why it waits.
  package var cluster: String?
  /// Names of the experiments whose last `safnet run` asked for it; nil where none is known.
  package var experiments: [String]?
  /// Where another file has an experiment's name too: those that asked for it, by their ways from the workspace.
  package var files: [String]?
  /// Where none does: those that asked for it before their files were changed.
  package var formerly: [String]?
  /// In which its plan differs from other shown runs' plans, by their paths; JSON.
  package var fields: RunFields?
  /// What people wrote about it.
  package var note: String?
  package var tags: [String]?

  package init(run: String, state: RunState = .queued) {
    (self.run, self.state) = (run, state)
    (epochs, seconds) = (0, 0)
  }
}

extension RunStatus {
  /// As `RunClaims` has it.
  var owners: String? { RunClaims.owners(experiments, formerly: formerly, files: files) }
}

/// Reads the states of an experiment's runs, or of all.
package struct StatusBoard {
  private let workspace: Workspace
  private let runs: [PlannedRun]?
  private var unplanned: [RunStatus] = []
  /// Directories of methods that were imported beside the experiment's own.
  private var imported: [String] = []
  private let cluster: ClusterStates?

  /// - Parameter commands: Slurm's, where they are; nil: no cluster is asked.
  package init(workspace: Workspace, runs: [PlannedRun]?, commands: (any SlurmCommands)? = nil) throws {
    (self.workspace, self.runs) = (workspace, runs)
    cluster = commands.map { ClusterStates(workspace: workspace.root, $0) }
  }

  /// Makes nothing, and tells the console what was not looked at and which finished runs are of earlier content.
  ///
  /// - Parameters:
  ///   - specification: of the experiment whose runs are shown; nil: every run of the workspace.
  ///   - asked: the variants that are; nil: all.
  package init(
    workspace: Workspace, of specification: Specification?, only asked: Set<String>? = nil, console: any Console
  ) throws {
    let part = specification.flatMap { own in asked.map { own.withoutUnsettledStarts(besides: $0, in: workspace) } }
    let specification = part?.specification ?? specification
    for notice in part?.notices ?? [] { console.error("notice: \(notice)") }
    // What is wrong with the experiment is said first, and alone.
    let known = try specification.map { try KnownExperiment($0, in: workspace, workers: Machine.current().cores) }
    if !workspace.exists {
      console.error("notice: \(workspace.absence(of: specification?.name, beside: specification?.file))")
    }
    if let closed = try workspace.closedFolders() { console.error("warning: \(closed)") }
    guard let known else {
      if let unreadable = workspace.unreadableRecords { console.error("warning: \(unreadable.warning)") }
      for sentence in try MisnamedRuns(in: workspace).sentences { console.error("notice: \(sentence)") }
      try self.init(everyRunOf: workspace)
      return
    }
    for notice in known.notices { console.error("notice: \(notice)") }
    if let stopped = SweepHolders.stoppedWords(of: known.specification) { console.error("notice: \(stopped)") }
    for sentence in try known.misnamed(in: workspace) { console.error("notice: \(sentence)") }
    if let words = known.renamed(in: workspace) { console.error("notice: \(words)") }
    let stored = try StoredRuns(workspace)
    let changes = PlanChanges.Kind.allCases.compactMap { known.changes(in: stored, $0).text }
    let further = [OtherSeeds(known, in: stored).words].compactMap(\.self) + FurtherRuns(known, in: stored).words
    for earlier in changes + further { console.error("notice: \(earlier)") }
    let isBegun = known.runs.contains { stored.holds($0.directoryName) }
    if workspace.exists, !isBegun, changes.isEmpty, known.notices.isEmpty {
      let elsewhere = RunsElsewhere(known.specification, besides: workspace)?.pointing
      console.error(
        "notice: "
          + (elsewhere
            ?? "nothing of \(known.specification.name) was begun in \(workspace.root.path) yet; `safnet run` trains what it"
            + " asks for"))
    }
    try self.init(workspace: workspace, of: known)
  }

  /// Every run of a workspace: which of them are misnamed tells whoever has their names.
  init(everyRunOf workspace: Workspace) throws {
    try self.init(workspace: workspace, runs: nil, commands: Self.commands(workspace))
  }

  /// The runs of an experiment that is known already.
  init(workspace: Workspace, of known: KnownExperiment) throws {
    try self.init(workspace: workspace, runs: known.runs, commands: Self.commands(workspace))
    imported = try ImportedRuns(workspace).methods(of: known.specification.name).map(\.directory.name)
    unplanned = known.unplanned.map { Self.queued($0.trained, fold: $0.fold) }
  }

  /// A run whose name is not known before its cases are prepared.
  private static func queued(_ trained: SeededVariant, fold: Int) -> RunStatus {
    var status = RunStatus(run: "")
    (status.variant, status.fold, status.seed) = (trained.variant.name, fold, trained.seed)
    status.plannedEpochs = trained.training.epochs
    return status
  }

  /// Nothing is asked where nothing was ever handed in.
  private static func commands(_ workspace: Workspace) -> (any SlurmCommands)? {
    BatchFolder.all(in: workspace.root).isEmpty || !InstalledCommands.areThere ? nil : InstalledCommands()
  }

  /// Now, in the order in which they are shown.
  package func read() throws -> [RunStatus] {
    // Without runs there is nothing to index, and whoever only looks makes no folder.
    let indexed = workspace.exists ? try WorkspaceIndex(workspace).refreshedRuns() : []
    let (statuses, states) = (Arrangement(self, indexed).statuses, clusterStates())
    if states.isEmpty { return statuses }
    return statuses.map { status in
      var status = status
      status.cluster = states[status.run]
      return status
    }
  }

  /// What a cluster says of its jobs, by run.
  func clusterStates() -> [String: String] { cluster?.read() ?? [:] }

  /// Who stands where, and what tells the runs apart: as long as no run comes or goes and no plan changes, so does this not.
  struct Arrangement {
    private let board: StatusBoard
    private let places: RunPlaces
    /// Of those that stand first.
    private let planned: [PlannedRun]
    let statuses: [RunStatus]

    init(_ board: StatusBoard, _ indexed: [IndexedRun]) {
      self.board = board
      guard let runs = board.runs else {
        places = RunPlaces(indexed, in: board.workspace)
        planned = []
        statuses = parallelMap(indexed, workers: Machine.processors) { [places, workspace = board.workspace] in
          StatusBoard.status($0, nil, places, in: workspace)
        }
        return
      }
      let known = Dictionary(uniqueKeysWithValues: indexed.map { ($0.name, $0) })
      let others = board.imported.compactMap { known[$0] }
      places = RunPlaces(runs.compactMap { known[$0.directoryName] }, in: board.workspace)
      planned = runs
      statuses =
        zip(runs.map { known[$0.directoryName] ?? IndexedRun(name: $0.directoryName) }, runs).map { [places] in
          StatusBoard.status($0, $1, places, in: board.workspace)
        } + others.map { StatusBoard.status($0, nil, nil, in: board.workspace) } + board.unplanned
    }

    /// Of a run that has changed, at its place.
    func status(_ run: IndexedRun, at place: Int) -> RunStatus {
      let plan = place < planned.count ? planned[place] : nil
      let isImported = board.runs != nil && plan == nil
      return StatusBoard.status(run, plan, isImported ? nil : places, in: board.workspace)
    }
  }

  /// - Parameter places: nil for an imported method, which has no plan.
  private static func status(
    _ run: IndexedRun, _ planned: PlannedRun?, _ places: RunPlaces?, in workspace: Workspace
  ) -> RunStatus {
    var status = status(run, in: workspace)
    places?.tell(&status, run)
    guard let planned else { return status }
    (status.variant, status.fold, status.seed) = (planned.variant, planned.fold, planned.seed)
    status.plannedEpochs = planned.plan.training.epochs
    return status
  }

  private static func status(_ run: IndexedRun, in workspace: Workspace) -> RunStatus {
    var status = RunStatus(run: run.name, state: run.state)
    (status.epochs, status.best, status.testDice) = (run.epochs, run.bestMonitor, run.testDice)
    (status.seconds, status.failure, status.notice) = (run.seconds, run.failure, run.notice)
    (status.note, status.tags) = (run.notes.note, run.notes.tags.isEmpty ? nil : run.notes.tags)
    guard [.running, .failed, .stale].contains(run.state) else { return status }
    let directory = workspace.runDirectory(named: run.name)
    if run.state == .running {
      status.secondsLeft = Heartbeat.read(in: directory.url)?.secondsLeft
      status.host = directory.hostElsewhere
      status.silence = directory.silence()
    }
    if run.state == .failed || run.state == .stale { status.logTail = LogTail.read(directory.logFile) }
    return status
  }
}
