import CPU
import Experiments
import Foundation
import Reporting
import Scheduling
import Store
import System
import Testing
import Workbench

/// An executor that was added in one file and one registration drives a sweep from its specification to its report.
@Suite struct ExecutorTests {
  private static func specification(_ folder: URL) -> String {
    """
    { "name": "small",
      "dataset": { "path": "\(folder.path)/phantom",
        "phantom": { "cases": 8, "seed": 5, "height": 96, "width": 96 } },
      "preprocessing": { "size": [6, 32, 16] }, "augmentation": false,
      "folds": { "count": 2, "validation": 1 },
      "model": { "kind": "safnet", "width": 16, "stem": [8, 16] }, "training": { "epochs": 1, "batch": 2 },
      "variants": [ { "name": "SAFNet" },
        { "name": "Base", "model": { "aspp": false, "attention": false, "multiscale": false } } ] }
    """
  }

  private final class Notes: SweepDisplay {
    var events: [SweepEvent] = []
    func note(_ event: SweepEvent) { events.append(event) }
    func update(_ snapshot: SweepSnapshot) {}
    func close() {}
  }

  @Test func oneMoreExecutorTrainsAWholeSweep() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "extension-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "small.json")
    try Self.specification(folder).write(to: file, atomically: true, encoding: .utf8)
    let workspace = Workspace(folder.appending(path: "Workspace"))
    try workspace.prepare()
    let opened = try ExperimentOpening(
      specification: Specification.load(file), workspace: workspace, workers: 1, report: { _ in }
    ).open()

    let entry = try ExecutorList(ExecutorList.all.entries + [.oneByOne]).named("one-by-one")
    let display = Notes()
    let outcome = try coordinator(entry, opened.plan, workspace, display).run(stopRequests: { 0 })
    #expect(outcome.finished.count == 4 && outcome.failed.isEmpty)
    let waited = display.events.contains { if case .queued(_, "one by one") = $0 { true } else { false } }
    #expect(waited)

    let report = Report(try ReportInput(plan: opened.plan, workspace: workspace, engine: CPUEngine(), software: "toy"))
    #expect(report.status == nil)
    let files = ReportFiles(report).contents
    #expect(files["report.md"] != nil && files["folds.tex"] != nil && files["cost.csv"] != nil)
    #expect(report.table(.folds)?.cell(row: "SAFNet", column: "Mean")?.content != .missing)
  }

  private func coordinator(
    _ entry: ExecutorEntry, _ plan: ExperimentPlan, _ workspace: Workspace, _ display: any SweepDisplay
  ) throws -> Coordinator {
    for run in plan.distinctRuns {
      try workspace.runDirectory(named: run.directoryName).create(
        planJSON: run.plan.canonicalJSON, identity: run.identity,
        environment: .current(programVersion: "toy", instructionSet: "scalar", threads: 1, commandLine: []))
    }
    let runs = plan.distinctRuns.map { run in
      let directory = workspace.runDirectory(named: run.directoryName)
      return SweepRun(
        name: run.directoryName, label: "\(run.variant), fold \(run.fold)", directory: directory.url,
        log: directory.logFile, work: 1)
    }
    let context = ExecutorEntry.Context(program: folderOfNothing, workspace: workspace.root) { _ in [] }
    return Coordinator(
      runs: runs, sweep: Sweep(runs: runs.map(\.name)),
      allotment: entry.allotment(.init(runs: runs.count, memoryPerRun: 1, machine: .current())),
      executor: try entry.make(context), watcher: WorkspaceWatcher(workspace), display: display)
  }

  /// No program is started.
  private let folderOfNothing = URL(fileURLWithPath: "/nowhere")
}
