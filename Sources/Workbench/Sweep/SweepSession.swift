import Experiments
import Foundation
import Measurement
import Scheduling
import Store
import System
import Text
import Training

/// `safnet run` from specification to outcome: opens the experiment, checks the machine, makes the run directories and
/// lets the coordinator work.
package struct SweepSession {
  package struct Settings: Sendable {
    /// Runs at once, and threads of each; nil leaves it to the machine.
    package var jobs: Int?
    package var threads: Int?
    /// The variants to train; empty: all.
    package var only: [String] = []
    /// The folds to train; nil: all.
    package var folds: [Int]?
    /// Tries after a crash without progress.
    package var retries = 2
    package var failFast = false
    /// Train though disk or memory seem too small.
    package var force = false
    /// Say what would be done, and do nothing.
    package var dryRun = false
    /// Go on with unfinished runs that a program of another numerics version began.
    package var mixesNumerics = false
    /// The name of the executor that trains the runs.
    package var executor = "local"
    package var keepCheckpoints = TrainingRun.usualEarlierCheckpoints

    package init() {}
  }

  private let specification: Specification
  private let workspace: Workspace
  private let settings: Settings
  private let program: RunningProgram
  private let machine: Machine
  private let executors: ExecutorList
  private let console: any Console

  /// - Parameter executors: those that the settings may name.
  package init(
    specification: Specification, workspace: Workspace, settings: Settings, program: RunningProgram,
    machine: Machine = .current(), executors: ExecutorList = .all, console: any Console
  ) {
    (self.specification, self.workspace, self.settings) = (specification, workspace, settings)
    (self.program, self.machine, self.executors, self.console) = (program, machine, executors, console)
  }

  package func run(stop: StopFlag) throws -> SweepOutcome {
    let executor = try executors.named(settings.executor)
    try workspace.prepare()
    var opening = ExperimentOpening(
      specification: specification, workspace: workspace, workers: machine.cores, report: PreparationLines(console).show
    )
    opening.beforePreparing = refuseShortages
    let opened = try opening.open()
    let chosen = try chosenRuns(opened.plan)
    let watcher = WorkspaceWatcher(workspace)
    let unfinished = chosen.filter { watcher.sighting(of: $0.directoryName) != .finished }
    var costs = RunCosts(program.engine)
    let runs = chosen.map { sweepRun($0, cost: costs.cost(of: $0.plan)) }
    let allotment = try preflight(unfinished, opened.plan, executor, &costs)
    if settings.dryRun { return dryRun(chosen, unfinished, allotment) }
    // A sweep that is complete must answer at once; any other first checks every case it will read.
    if !unfinished.isEmpty { try opening.checkCases(of: opened) }
    try opened.writeSplits(to: workspace.root.appendingPathComponent("splits/\(specification.name)"))
    try createDirectories(unfinished, threads: allotment.threads(unfinished: unfinished.count))
    let outcome = try coordinator(runs, watcher, allotment, executor).run { stop.requests }
    _ = try? WorkspaceIndex(workspace).refresh()
    showFailures(outcome)
    return outcome
  }

  // MARK: Before the sweep

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
      name: run.directoryName, label: "\(run.variant), fold \(run.fold)".oneLine, directory: directory.url,
      log: directory.logFile, work: cost.work)
  }

  private func preflight(
    _ runs: [PlannedRun], _ plan: ExperimentPlan, _ executor: ExecutorEntry, _ costs: inout RunCosts
  ) throws -> Allotment {
    let all = runs.map { costs.cost(of: $0.plan) }
    let memory = all.map(\.memory).max() ?? 1
    let allotment = executor.allotment(
      .init(
        runs: max(runs.count, 1), memoryPerRun: memory, machine: machine, jobs: settings.jobs,
        threads: settings.threads))
    let shortages = specification.memoryShortages(
      classes: plan.labels.classes, folds: plan.folds.map { FoldSizes($0) }, free: machine.freeMemory,
      engine: program.engine)
    let preflight = Preflight(
      diskNeeded: all.reduce(0) { $0 + $1.disk(earlierCheckpoints: settings.keepCheckpoints) },
      diskFree: Machine.freeDisk(at: workspace.root),
      memoryPerRun: memory, shortages: shortages.filter { short in runs.contains { $0.variant == short.variant } },
      machine: machine, allotment: allotment)
    let findings = preflight.findings()
    for finding in findings { console.error("\(finding.isFatal && !settings.force ? "error" : "warning"): \(finding)") }
    if !settings.force, findings.contains(where: \.isFatal) { throw PreflightFailure() }
    return allotment
  }

  /// What would not fit is said before minutes are spent on preparing cases.
  private func refuseShortages(classes: Int, folds: [FoldSizes]) throws {
    if settings.force { return }
    let shortages = specification.memoryShortages(
      classes: classes, folds: folds, free: machine.freeMemory, engine: program.engine
    ).filter { settings.only.isEmpty || settings.only.contains($0.variant) }
    for shortage in shortages { console.error("error: \(shortage)") }
    if !shortages.isEmpty { throw PreflightFailure() }
  }

  private func createDirectories(_ runs: [PlannedRun], threads: Int) throws {
    if runs.isEmpty { return }
    let environment = EnvironmentRecord.current(
      programVersion: program.version, numericsVersion: .current, source: SourceState(of: program.executable),
      engine: program.engine.name, instructionSet: program.engine.hardware, threads: threads,
      commandLine: program.commandLine)
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
      ["--engine", program.engine.name, "--keep-checkpoints", "\(settings.keepCheckpoints)"]
      + (settings.mixesNumerics ? ["--mix-numerics"] : [])
    let context = ExecutorEntry.Context(program: program.executable, workspace: workspace.root) {
      ["worker", $0.run.directory.path, "--threads", "\($0.threads)"] + shared
    }
    return Coordinator(
      runs: runs, sweep: sweep, allotment: allotment, executor: try executor.make(context), watcher: watcher,
      display: display)
  }

  private var display: any SweepDisplay {
    console.isTerminal
      ? TerminalDisplay(write: console.write, columns: { console.columns }) : PlainDisplay(write: console.write)
  }

  private func dryRun(_ chosen: [PlannedRun], _ unfinished: [PlannedRun], _ allotment: Allotment) -> SweepOutcome {
    for run in chosen {
      let state = unfinished.contains(run) ? "would train" : "finished"
      console.print("\(state)  \(run.variant), fold \(run.fold)  \(run.directoryName)")
    }
    let threads = allotment.threads(unfinished: unfinished.count)
    console.print("\(unfinished.count) of \(chosen.count) runs, \(allotment.jobs) at once, \(threads) threads each")
    return SweepOutcome(finished: [], failed: [], interrupted: [], wasStopped: false)
  }

  private func showFailures(_ outcome: SweepOutcome) {
    for run in outcome.failed {
      console.error("\n\(run.label) failed. The end of \(run.log.path):")
      let lines = LogTail.read(run.log)
      for line in lines { console.error("  \(line)") }
      // As on a full disk, where the worker could not say so either.
      if lines.isEmpty, let refusal = LogTail.refusal(run.log) { console.error("  \(refusal)") }
    }
  }
}

/// The findings were written already.
package struct PreflightFailure: Error, CustomStringConvertible {
  package var description: String { "this machine is too small for the sweep; --force starts it all the same" }
}

extension SweepOutcome {
  /// What `safnet run` says last.
  ///
  /// - Parameter file: the experiment's, as it was given.
  package func closingWords(file: String) -> String {
    if wasStopped { return "Interrupted; the same command goes on where this stopped." }
    let report = "`safnet report \(file)` makes the tables in Reports/."
    guard failed.isEmpty else {
      return "\(failed.count) of the runs failed; `safnet status \(file)` says why. \(report)"
    }
    return "All runs are finished. \(report)"
  }
}
