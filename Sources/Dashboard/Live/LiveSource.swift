import Experiments
import Foundation
import Reporting
import Store
import Synchronization
import System
import Workbench

/// What the pages show, read from the run directories. Nothing is written into the workspace: the index that it works with is
/// a copy in a private folder, kept up to date from the runs.
package final class LiveSource: Sendable {
  package let workspace: Workspace
  package let experiment: LiveExperiment?
  private let privateFolder: URL?
  private let state = Mutex(State())
  private let tables = Mutex<Tables?>(nil)
  private let looks = Mutex(Looks())
  /// Of the queue `looker` alone.
  private let watch: Mutex<Watch>
  private let looker = DispatchQueue(label: "looking")
  private let patience: Double
  private let freshness: Double

  private struct State {
    var shown = ShownRuns()
    var notices: [String] = []
    /// Of the experiment's file.
    var edit: String?
    var problem: String? = "The runs are being looked at for the first time; thousands of them take a minute."
    /// Changes whenever anything of the above does.
    var version = 0
  }

  private struct Watch {
    let runs: WatchedRuns
    /// Of every run of the workspace, where no experiment is shown.
    var statuses: LiveStatuses?
  }

  private struct Looks {
    var isWanted = false
    /// When the last one that has ended began, and ended; seconds since the system started.
    var (seen, end) = (-Double.infinity, -Double.infinity)
    var took = 0.0
  }

  private struct Tables {
    let results: [RunResult]
    let report: Report
  }

  /// - Parameters:
  ///   - specification: of the experiment to show; nil: every run of the workspace.
  ///   - patience: seconds that an answer waits for a new look.
  ///   - freshness: how many seconds ago a look that is new enough may have begun.
  package init(
    workspace: Workspace, specification: Specification?, program: RunningProgram, patience: Double = 0.7,
    freshness: Double = 0.3
  ) {
    (self.patience, self.freshness) = (patience, freshness)
    privateFolder = try? PrivateFolder.create(
      in: FileManager.default.temporaryDirectory, beginning: "safnet-dashboard-")
    // Where there is no such folder, no index can be made in it, and the runs are read one by one.
    let folder = privateFolder ?? URL(fileURLWithPath: "/dev/null/safnet", isDirectory: true)
    IndexCopy.make(of: workspace, in: folder)
    let own = Workspace(workspace.root, indexFolder: folder)
    self.workspace = own
    experiment = specification.map { LiveExperiment($0, in: own, program: program) }
    watch = Mutex(Watch(runs: WatchedRuns(own)))
  }

  /// Takes the private copy away.
  package func close() { if let privateFolder { try? FileManager.default.removeItem(at: privateFolder) } }

  /// Changes with every change of what is shown.
  package var version: Int { state.withLock { $0.version } }

  /// Begins another look at the runs, if none waits to begin; nobody waits for it.
  package func look() {
    let isFirst = looks.withLock { looks in
      defer { looks.isWanted = true }
      return !looks.isWanted
    }
    if isFirst { looker.async { [self] in takeALook() } }
  }

  /// Looks at the runs once more.
  ///
  /// A look that takes longer than `patience` (at thousands of runs without an index) is not waited for: what was seen before is
  /// shown, and `version` tells when there is more.
  package func refresh() {
    let asked = ProcessInfo.processInfo.systemUptime
    let isNew = { [self] in looks.withLock { $0.seen >= asked - freshness } }
    if isNew() { return }
    look()
    // One that takes so long would often be waited for in vain.
    if looks.withLock({ $0.took > patience / 2 }) { return }
    while !isNew(), ProcessInfo.processInfo.systemUptime - asked < patience { usleep(5_000) }
  }

  /// When the last look ended, and how long it took, in seconds.
  package var lastLook: (end: Double, took: Double) { looks.withLock { ($0.end, $0.took) } }

  private func takeALook() {
    let begin = ProcessInfo.processInfo.systemUptime
    looks.withLock { $0.isWanted = false }
    see()
    looks.withLock { looks in
      (looks.seen, looks.end) = (begin, ProcessInfo.processInfo.systemUptime)
      looks.took = looks.end - begin
    }
  }

  private func see() {
    let found = Result { try statuses() }
    let edit = experiment?.noticeOfFile()
    let hasStates = state.withLock { state in
      var (problem, news) = (nil as String?, ShownRuns.News())
      switch found {
      case .success(let statuses):
        if !workspace.exists { problem = "\(workspace.absence)" }
        // In its place: a copy of ten thousand lines costs more than the change of one.
        news = state.shown.take(statuses.all, statuses.change, version: state.version + 1, in: workspace)
      case .failure(let error): problem = Words.of(error)
      }
      if news.hasLines || problem != state.problem || edit != state.edit { state.version += 1 }
      (state.problem, state.edit) = (problem, edit)
      return news.hasStates
    }
    // Slower to find than the rest, for plans are read.
    guard hasStates else { return }
    let notices = notices()
    state.withLock { state in
      if notices != state.notices { state.version += 1 }
      state.notices = notices
    }
  }

  private typealias Statuses = (all: [RunStatus], change: LiveStatuses.Change)

  private func statuses() throws -> Statuses {
    let (workspace, experiment) = (workspace, experiment)
    return try watch.withLock { (watch: inout Watch) throws -> Statuses in
      let look = try watch.runs.look()
      if let experiment { return try experiment.statuses(look) }
      var statuses =
        try watch.statuses ?? LiveStatuses(StatusBoard(workspace: workspace, runs: nil), in: workspace)
      let change = statuses.take(look)
      watch.statuses = statuses
      return (statuses.all, change)
    }
  }

  /// The runs as they were at the last look, and what is wrong with it, as it is sent.
  ///
  /// - Parameter version: what the browser has; nil: nothing.
  func sweepDocument(since version: Int?) throws -> Document {
    let (state, specification) = (state.withLock { $0 }, experiment?.specification)
    let head = SweepView(
      lines: state.shown.lines, notices: [state.edit].compactMap(\.self) + state.notices, problem: state.problem,
      version: state.version, specification: specification, workspace: workspace)
    return try state.shown.document(head, since: version)
  }

  /// Of the runs as they are; made anew where a result has changed since the last one.
  package func report() throws -> Report? {
    guard let experiment else { return nil }
    refresh()
    return try tables.withLock { tables in
      let results = state.withLock { $0.shown.results }
      if let tables, tables.results == results { return tables.report }
      let report = try experiment.report()
      tables = Tables(results: results, report: report)
      return report
    }
  }

  /// The run of exactly this name, by the list of those that there are: what a browser sent is never made into a path.
  package func run(named name: String) throws -> RunDirectory? {
    try workspace.runNames().first { $0 == name }.map(workspace.runDirectory)
  }

  /// What the shown runs are called.
  package var lines: [RunLine] { state.withLock { $0.shown.lines } }

  private func notices() -> [String] {
    guard let experiment else { return [] }
    do { return try experiment.notices() } catch { return [] }
  }
}

/// Errors in words that a person can act on.
enum Words {
  static func of(_ error: any Error) -> String {
    type(of: error) is NSError.Type || error is CocoaError ? error.localizedDescription : "\(error)"
  }
}
