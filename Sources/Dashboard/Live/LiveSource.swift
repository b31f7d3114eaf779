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

  private struct State {
    var lines: [RunLine] = []
    var notices: [String] = []
    var problem: String?
    /// Changes whenever anything of the above does.
    var version = 0
    /// What the tables depend on.
    var results: [RunResult] = []
    var noticedResults: [RunResult]?
  }

  private struct Tables {
    let results: [RunResult]
    let report: Report
  }

  /// - Parameter specification: of the experiment to show; nil: every run of the workspace.
  package init(workspace: Workspace, specification: Specification?, program: RunningProgram) {
    privateFolder = try? PrivateFolder.create(
      in: FileManager.default.temporaryDirectory, beginning: "safnet-dashboard-")
    // Where there is no such folder, no index can be made in it, and the runs are read one by one.
    let folder = privateFolder ?? URL(fileURLWithPath: "/dev/null/safnet", isDirectory: true)
    IndexCopy.make(of: workspace, in: folder)
    let own = Workspace(workspace.root, indexFolder: folder)
    self.workspace = own
    experiment = specification.map { LiveExperiment($0, in: own, program: program) }
  }

  /// Takes the private copy away.
  package func close() { if let privateFolder { try? FileManager.default.removeItem(at: privateFolder) } }

  /// Changes with every change of what is shown.
  package var version: Int { state.withLock { $0.version } }

  /// Looks at the runs once more.
  ///
  /// - Returns: whether anything is another.
  @discardableResult
  package func refresh() -> Bool {
    let found = Result { try statuses() }
    let before = state.withLock { $0.noticedResults }
    let lines = (try? found.get())?.map { RunLine($0, in: workspace) }
    let results = lines?.map(RunResult.init)
    // Slower to find than the rest, and of other runs only.
    let notices = results == before ? nil : self.notices()
    return state.withLock { state in
      var (next, problem) = (state, nil as String?)
      switch found {
      case .success: if !workspace.exists { problem = "\(workspace.absence)" }
      case .failure(let error): problem = Words.of(error)
      }
      next.problem = problem
      if let lines, let results { (next.lines, next.results) = (lines, results) }
      if let notices { (next.notices, next.noticedResults) = (notices, results) }
      let isNew = (next.lines, next.notices) != (state.lines, state.notices) || next.problem != state.problem
      if isNew { next.version += 1 }
      state = next
      return isNew
    }
  }

  /// The runs as they were at the last look, and what is wrong with it.
  package var sweep: SweepView {
    state.withLock { state in
      SweepView(
        lines: state.lines, notices: state.notices, problem: state.problem, version: state.version,
        specification: experiment?.specification, workspace: workspace)
    }
  }

  /// Of the runs as they are; made anew where a result has changed since the last one.
  package func report() throws -> Report? {
    guard let experiment else { return nil }
    return try tables.withLock { tables in
      let results = state.withLock { $0.results }
      if let tables, tables.results == results { return tables.report }
      let report = try experiment.report()
      tables = Tables(results: results, report: report)
      return report
    }
  }

  /// The run of exactly this name, by the list of those that there are: what a browser sent is never made into a path.
  package func run(named name: String) throws -> RunDirectory? {
    try workspace.runDirectories().first { $0.name == name }
  }

  /// What the shown runs are called.
  package var lines: [RunLine] { state.withLock { $0.lines } }

  private func statuses() throws -> [RunStatus] {
    if let experiment { return try experiment.statuses() }
    return try StatusBoard(workspace: workspace, runs: nil).read()
  }

  private func notices() -> [String] {
    guard let experiment else { return [] }
    do { return try experiment.notices() } catch { return [] }
  }
}

/// What of a run decides the tables.
struct RunResult: Equatable, Sendable {
  let run: String
  let state: RunState
  let epochs: Int
  let testDice: Double?
  let notice: String?

  init(_ line: RunLine) {
    (run, state, epochs) = (line.run, line.state, line.epochs)
    (testDice, notice) = (line.testDice, line.notice)
  }
}

/// Errors in words that a person can act on.
enum Words {
  static func of(_ error: any Error) -> String {
    type(of: error) is NSError.Type || error is CocoaError ? error.localizedDescription : "\(error)"
  }
}
