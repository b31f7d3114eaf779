import Compute
import Experiments
import Foundation
import Measurement
import Scheduling
import Store
import Training
import System

/// `safnet run` from specification to outcome: opens the experiment, checks the machine, makes the run directories and
/// lets the coordinator work.
struct SweepSession {
  struct Settings {
    var jobs: Int?
    var threads: Int?
    var only: [String] = []
    var folds: [Int]?
    var retries = 2
    var failFast = false
    var force = false
    var dryRun = false
    var mixesNumerics = false
    var executor = "local"
    var keepCheckpoints = TrainingRun.usualEarlierCheckpoints
  }

  let specification: Specification
  let workspace: Workspace
  let stop: StopFlag
  let settings: Settings
  var executors = ExecutorList.all

  func run() throws -> SweepOutcome {
    let entry = try executors.named(settings.executor)
    let machine = Machine.current()
    try workspace.prepare()
    let opening = opening(workers: machine.cores)
    let opened = try opening.open()
    let chosen = try chosenRuns(opened.plan)
    let watcher = WorkspaceWatcher(workspace)
    let unfinished = chosen.filter { watcher.sighting(of: $0.directoryName) != .finished }
    // A sweep that is complete must answer at once; any other first checks every case it will read.
    if !unfinished.isEmpty { try opening.checkCases(of: opened) }
    var costs = RunCosts(engines.standard)
    let runs = chosen.map { sweepRun($0, cost: costs.cost(of: $0.plan)) }
    let allotment = try preflight(unfinished, opened.plan, machine, entry, &costs)
    if settings.dryRun { return dryRun(chosen, unfinished, allotment) }
    try opened.writeSplits(to: workspace.root.appendingPathComponent("splits/\(specification.name)"))
    try createDirectories(unfinished, threads: allotment.threads(unfinished: unfinished.count))
    let outcome = try coordinator(runs, watcher, allotment, entry).run { stop.requests }
    _ = try? WorkspaceIndex(workspace).refresh()
    showFailures(outcome)
    return outcome
  }

  // MARK: Before the sweep

  private func opening(workers: Int) -> ExperimentOpening {
    ExperimentOpening(
      specification: specification, workspace: workspace, workers: workers, report: PreparationLines.show)
  }

  private func chosenRuns(_ plan: ExperimentPlan) throws -> [PlannedRun] {
    let names = specification.variants.map(\.name)
    if let stranger = settings.only.first(where: { !names.contains($0) }) {
      throw UsageError.unknownVariant(name: stranger, known: names)
    }
    if let stranger = settings.folds?.first(where: { !plan.folds.map(\.number).contains($0) }) {
      throw UsageError.unknownFold(number: stranger, known: plan.folds.count)
    }
    return plan.distinctRuns.filter { run in
      (settings.only.isEmpty || settings.only.contains(run.variant)) && settings.folds?.contains(run.fold) ?? true
    }
  }

  private func sweepRun(_ run: PlannedRun, cost: RunCost) -> SweepRun {
    let directory = workspace.runDirectory(named: run.directoryName)
    return SweepRun(
      name: run.directoryName, label: "\(run.variant), fold \(run.fold)", directory: directory.url,
      log: directory.logFile, work: cost.work)
  }

  private func preflight(
    _ runs: [PlannedRun], _ plan: ExperimentPlan, _ machine: Machine, _ executor: ExecutorEntry,
    _ costs: inout RunCosts
  ) throws -> Allotment {
    let all = runs.map { costs.cost(of: $0.plan) }
    let memory = all.map(\.memory).max() ?? 1
    let allotment = executor.allotment(
      .init(
        runs: max(runs.count, 1), memoryPerRun: memory, machine: machine, jobs: settings.jobs,
        threads: settings.threads))
    let shortages = specification.memoryShortages(
      classes: plan.labels.classes, folds: plan.folds.map { FoldSizes($0) }, free: machine.freeMemory,
      engine: engines.standard)
    let preflight = Preflight(
      diskNeeded: all.reduce(0) { $0 + $1.disk(earlierCheckpoints: settings.keepCheckpoints) },
      diskFree: Machine.freeDisk(at: workspace.root),
      memoryPerRun: memory, shortages: shortages.filter { short in runs.contains { $0.variant == short.variant } },
      machine: machine, allotment: allotment)
    let findings = preflight.findings()
    for finding in findings { Console.error("\(finding.isFatal && !settings.force ? "error" : "warning"): \(finding)") }
    if !settings.force, findings.contains(where: \.isFatal) { throw PreflightFailure() }
    return allotment
  }

  private func createDirectories(_ runs: [PlannedRun], threads: Int) throws {
    if runs.isEmpty { return }
    let environment = EnvironmentRecord.current(
      programVersion: programVersion, numericsVersion: .current, source: SourceState(of: ProgramFile.current),
      instructionSet: engines.standard.hardware, threads: threads, commandLine: CommandLine.arguments)
    for run in runs {
      try workspace.runDirectory(named: run.directoryName).create(
        planJSON: run.plan.canonicalJSON, identity: run.identity, environment: environment)
    }
  }

  // MARK: The sweep

  private func coordinator(
    _ runs: [SweepRun], _ watcher: WorkspaceWatcher, _ allotment: Allotment, _ executor: ExecutorEntry
  ) throws -> Coordinator {
    let sweep = Sweep(
      runs: runs.map(\.name), retry: RetryPolicy(retries: settings.retries),
      failurePolicy: settings.failFast ? .failFast : .keepGoing)
    let shared =
      ["--keep-checkpoints", "\(settings.keepCheckpoints)"] + (settings.mixesNumerics ? ["--mix-numerics"] : [])
    let context = ExecutorEntry.Context(program: ProgramFile.current, workspace: workspace.root) {
      ["worker", $0.run.directory.path, "--threads", "\($0.threads)"] + shared
    }
    return Coordinator(
      runs: runs, sweep: sweep, allotment: allotment, executor: try executor.make(context), watcher: watcher,
      display: display())
  }

  private func display() -> any SweepDisplay {
    let write: (String) -> Void = { Console.write($0, to: .standardError) }
    return Console.errorIsTerminal
      ? TerminalDisplay(write: write, columns: { Console.columns }) : PlainDisplay(write: write)
  }

  private func dryRun(_ chosen: [PlannedRun], _ unfinished: [PlannedRun], _ allotment: Allotment) -> SweepOutcome {
    for run in chosen {
      let state = unfinished.contains(run) ? "would train" : "finished"
      Console.print("\(state)  \(run.variant), fold \(run.fold)  \(run.directoryName)")
    }
    let threads = allotment.threads(unfinished: unfinished.count)
    Console.print("\(unfinished.count) of \(chosen.count) runs, \(allotment.jobs) at once, \(threads) threads each")
    return SweepOutcome(finished: [], failed: [], interrupted: [], wasStopped: false)
  }

  private func showFailures(_ outcome: SweepOutcome) {
    for run in outcome.failed {
      Console.error("\n\(run.label) failed. The end of \(run.log.path):")
      let lines = LogTail.read(run.log)
      for line in lines { Console.error("  \(line)") }
      // As on a full disk, where the worker could not say so either.
      if lines.isEmpty, let refusal = LogTail.refusal(run.log) { Console.error("  \(refusal)") }
    }
  }
}

/// The findings were printed already.
struct PreflightFailure: Error, CustomStringConvertible {
  var description: String { "this machine is too small for the sweep; --force starts it all the same" }
}
