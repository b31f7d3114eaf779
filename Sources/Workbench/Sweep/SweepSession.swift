import Experiments
import Foundation
import Measurement
import Scheduling
import Slurm
import Store
import System
import Text
import Training
import Volumes

/// `safnet run` from specification to outcome: opens the experiment, checks the machine, makes the run directories and
/// lets the coordinator work.
package struct SweepSession {
  package struct Settings: Sendable {
    /// Runs at once, and threads of each; nil leaves it to the machine.
    package var jobs: Int?
    package var threads: Int?
    /// Which of the runs to train.
    package var selection = RunSelection()
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
    /// The command that is called for what somebody should know, and when; nil: none.
    package var notify: (command: String, limits: AlertLimits)?

    package init() {}
  }

  private let specification: Specification
  private let workspace: Workspace
  private let settings: Settings
  private let program: RunningProgram
  private let machine: Machine
  private let executors: ExecutorList
  private let console: any Console
  private let source = SourceLook()

  /// - Parameter executors: those that the settings may name.
  package init(
    specification: Specification, workspace: Workspace, settings: Settings, program: RunningProgram,
    machine: Machine = .current(), executors: ExecutorList = .all(), console: any Console
  ) {
    (self.specification, self.workspace, self.settings) = (specification, workspace, settings)
    (self.program, self.machine, self.executors, self.console) = (program, machine, executors, console)
  }

  package func run(stop: StopFlag) throws -> SweepOutcome {
    let executor = try executors.named(settings.executor)
    let sweep = try stop.whileNothingIsAtStake { try prepare(executor) }
    if settings.dryRun { return dryRun(sweep) }
    let outcome = try coordinator(sweep, executor).run { stop.requests }
    return try stop.whileNothingIsAtStake(obeysEarlier: false) {
      _ = try? WorkspaceIndex(workspace).refresh()
      showFailures(outcome)
      showMends(outcome, sweep.review)
      if !outcome.wasStopped { try sweep.step.run(sweep.predictions, source: sweep.cache) }
      return outcome.adding(failed: sweep.review.refused.map { sweepRun($0.run, nil) })
    }
  }

  // MARK: Before the sweep

  /// What is to be done, once everything that can be checked was checked.
  private struct PreparedSweep {
    let chosen: [PlannedRun]
    let review: RunReview
    let runs: [SweepRun]
    let allotment: Allotment
    let forecast: SweepForecast?
    /// Ways of predicting that are to be scored once the runs have finished.
    let predictions: [PlannedPrediction]
    let step: PredictionStep
    let cache: PreparedCache
  }

  private func predictionStep(_ opened: OpenedExperiment) throws -> PredictionStep {
    var step = PredictionStep(
      specification: specification, workspace: workspace, program: program, threads: settings.threads ?? machine.cores,
      console: console)
    step.test = try OpenedTest(
      of: specification, beside: opened, in: workspace, workers: machine.cores, keeps: !settings.dryRun,
      report: PreparationLines(console).show)
    return step
  }

  private func prepare(_ executor: ExecutorEntry) throws -> PreparedSweep {
    let selection = try settings.selection.checked(with: specification)
    if !settings.dryRun { try workspace.prepare() }
    var opening = ExperimentOpening(
      specification: specification, workspace: workspace, workers: machine.cores, report: PreparationLines(console).show
    )
    if executor.usesThisMachine {
      opening.beforePreparing = { try refuseShortages(classes: $0, folds: $1, of: selection.variants) }
    }
    opening.keeps = !settings.dryRun
    let opened = try opening.open()
    let chosen = try selection.runs(of: opened.plan)
    try StartLeak.refuse(chosen, among: opened.plan.runs, in: workspace)
    if let words = selection.words(chosen: chosen, of: opened.plan) { console.error(words) }
    let review = try RunReview(
      chosen, in: workspace, mixesNumerics: settings.mixesNumerics,
      environment: settings.dryRun ? nil : { environment(threads: settings.threads ?? machine.cores) })
    tell(review)
    // Caches of earlier programs do not say which images they hold, which a test set must not.
    if specification.test != nil, !settings.dryRun, opened.cache.readSummary() == nil {
      try opening.checkCases(of: opened)
    }
    let step = try predictionStep(opened)
    let predictions = try step.missing(of: opened.plan.runs, among: chosen)
    // A sweep that is complete must answer at once; any other first checks every case it will read.
    if !review.unfinished.isEmpty || !predictions.isEmpty { try opening.checkCases(of: opened) }
    var costs = RunCosts(program.engine)
    let taking = chosen.filter { run in !review.refused.contains { $0.run == run } }
    let runs = taking.map { sweepRun($0, costs.cost(of: $0.plan)) }
    let allotment = try preflight(review.unfinished, opened.plan, executor, &costs)
    if !settings.dryRun {
      try opened.writeSplits(to: workspace.root.appendingPathComponent("splits/\(specification.name)"))
      try workspace.write(ExperimentRecord(specification.name, opened.plan.runs))
      try createDirectories(review.unfinished, threads: allotment.threads(unfinished: review.unfinished.count))
    }
    return PreparedSweep(
      chosen: chosen, review: review, runs: runs, allotment: allotment,
      forecast: forecast(review.unfinished, allotment, executor, &costs), predictions: predictions,
      step: step, cache: opened.cache)
  }

  /// Only where the workers are on this machine, and where they will train.
  private func forecast(
    _ runs: [PlannedRun], _ allotment: Allotment, _ executor: ExecutorEntry, _ costs: inout RunCosts
  ) -> SweepForecast? {
    guard !settings.dryRun, executor.name == ExecutorEntry.local.name else { return nil }
    let threads = allotment.threads(unfinished: runs.count)
    let forecast = SweepForecast(runs, costs: &costs, engine: program.engine, threads: threads)
    let work = runs.reduce(0) { $0 + costs.cost(of: $1.plan).work }
    let workers = min(allotment.jobs, runs.count)
    if let words = forecast?.words(runs: runs.count, work: work, workers: workers) { console.error(words) }
    return forecast
  }

  private func tell(_ review: RunReview) {
    for notice in review.notices { console.error("notice: \(notice)") }
    for run in review.unfinished {
      if let flaw = review.flaws[run.directoryName] { console.error("notice: \(run.label) is not whole: \(flaw)") }
    }
    for refusal in review.refused { console.error("error: \(refusal.run.label): \(refusal.reason)") }
  }

  private func sweepRun(_ run: PlannedRun, _ cost: RunCost?) -> SweepRun {
    let directory = workspace.runDirectory(named: run.directoryName)
    return SweepRun(
      name: run.directoryName, label: run.label.oneLine, directory: directory.url,
      log: directory.logFile, work: cost?.work ?? 0, memory: cost?.memory ?? 0)
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
    let shortages =
      executor.usesThisMachine
      ? specification.memoryShortages(
        classes: plan.labels.classes, folds: plan.folds.map { FoldSizes($0) }, free: machine.freeMemory,
        engine: program.engine) : []
    let preflight = Preflight(
      diskNeeded: all.reduce(0) { $0 + $1.disk(earlierCheckpoints: settings.keepCheckpoints) },
      diskFree: Machine.freeDisk(at: workspace.root),
      memoryPerRun: memory, shortages: shortages.filter { short in runs.contains { $0.variant == short.variant } },
      machine: executor.usesThisMachine ? machine : nil, allotment: allotment)
    let findings = preflight.findings()
    for finding in findings { console.error("\(finding.isFatal && !settings.force ? "error" : "warning"): \(finding)") }
    if !settings.force, findings.contains(where: \.isFatal) { throw PreflightFailure() }
    return allotment
  }

  /// What would not fit is said before minutes are spent on preparing cases.
  private func refuseShortages(classes: Int, folds: [FoldSizes], of variants: Set<String>) throws {
    if settings.force { return }
    let shortages = specification.memoryShortages(
      classes: classes, folds: folds, free: machine.freeMemory, engine: program.engine
    ).filter { variants.contains($0.variant) }
    for shortage in shortages { console.error("error: \(shortage)") }
    if !shortages.isEmpty { throw PreflightFailure() }
  }

  private func createDirectories(_ runs: [PlannedRun], threads: Int) throws {
    if runs.isEmpty { return }
    let environment = environment(threads: threads)
    for run in runs {
      try workspace.runDirectory(named: run.directoryName).create(
        planJSON: run.plan.canonicalJSON, identity: run.identity, environment: environment)
    }
  }

  private func environment(threads: Int) -> EnvironmentRecord {
    .current(
      programVersion: program.version, numericsVersion: .current, source: source.state(of: program, console),
      engine: program.engine.name, instructionSet: program.engine.hardware, threads: threads,
      commandLine: program.commandLine)
  }

  // MARK: The sweep

  private func coordinator(_ prepared: PreparedSweep, _ executor: ExecutorEntry) throws -> Coordinator {
    let sweep = Sweep(
      runs: prepared.runs.map(\.name), retry: RetryPolicy(retries: settings.retries),
      failurePolicy: settings.failFast ? .failFast : .keepGoing)
    let shared =
      ["--engine", program.engine.name, "--keep-checkpoints", "\(settings.keepCheckpoints)"]
      + (settings.mixesNumerics ? ["--mix-numerics"] : [])
    var context = ExecutorEntry.Context(program: program.executable, workspace: workspace.root) {
      ["worker", $0.run.directory.path, "--threads", "\($0.threads)"] + shared
    }
    (context.workerOptions, context.experiment) = (shared, specification.name)
    context.say = { [console] in console.error("notice: \($0)") }
    var intervals = Coordinator.Intervals()
    intervals.poll = executor.lookSeconds
    return Coordinator(
      runs: prepared.runs, sweep: sweep, allotment: prepared.allotment, executor: try executor.make(context),
      watcher: WorkspaceWatcher(workspace, damaged: Set(prepared.review.flaws.keys)),
      display: alerting(prepared.runs.count),
      pace: SweepPace(expected: prepared.forecast?.rate), intervals: intervals)
  }

  private var display: any SweepDisplay {
    console.isTerminal
      ? TerminalDisplay(write: console.write, columns: { console.columns }) : PlainDisplay(write: console.write)
  }

  private func alerting(_ runs: Int) -> any SweepDisplay {
    guard let notify = settings.notify else { return display }
    let notifier = Notifier(command: notify.command) { [console] in console.error("notice: \($0)") }
    return AlertingDisplay(
      display, notifier: notifier, limits: notify.limits, experiment: specification.name, workspace: workspace,
      total: runs)
  }

  private func dryRun(_ sweep: PreparedSweep) -> SweepOutcome {
    let (unfinished, allotment) = (sweep.review.unfinished, sweep.allotment)
    for run in sweep.chosen {
      console.print("\(words(of: run, sweep.review))  \(run.label)  \(run.directoryName)")
    }
    let threads = allotment.threads(unfinished: unfinished.count)
    console.print(
      "\(unfinished.count) of \(sweep.chosen.count) runs, \(allotment.jobs) at once, \(threads) thread\(threads == 1 ? "" : "s") each"
    )
    if !sweep.predictions.isEmpty { console.print("\(sweep.predictions.count) predictions would be scored") }
    return SweepOutcome(finished: [], failed: [], interrupted: [], wasStopped: false)
  }

  private func words(of run: PlannedRun, _ review: RunReview) -> String {
    if review.refused.contains(where: { $0.run == run }) { return "cannot go on" }
    guard review.unfinished.contains(run) else { return "finished" }
    return review.flaws[run.directoryName] == nil ? "would train" : "would mend"
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

extension ExperimentRecord {
  /// Of everything that an experiment asks for, whatever was chosen of it.
  fileprivate init(_ name: String, _ runs: [PlannedRun]) {
    var (order, names) = ([String](), [String: [String]]())
    for run in runs {
      if names[run.variant] == nil { order.append(run.variant) }
      names[run.variant, default: []].append(run.directoryName)
    }
    self.init(name: name, variants: order.map { Variant(name: $0, runs: names[$0] ?? []) })
  }
}

/// Asks Git once, when the first plan is written, and says when it does not answer.
private final class SourceLook {
  private var found: (state: SourceState?, isLate: Bool)?

  func state(of program: RunningProgram, _ console: any Console) -> SourceState? {
    if let found { return found.state }
    let look = SourceState.look(at: program.executable)
    if look.isLate {
      console.error("notice: git did not answer in time; the runs do not record their program's commit")
    }
    found = look
    return look.state
  }
}

/// What jobs of a cluster have used, where it was one.
extension SweepSession {
  package var clusterUse: [String] {
    ClusterUse(BatchFolder(workspace: workspace.root, experiment: specification.name))?.lines ?? []
  }
}

/// What was made anew of a damaged run, as its worker told it.
extension SweepSession {
  private func showMends(_ outcome: SweepOutcome, _ review: RunReview) {
    for run in outcome.finished where review.unfinished.contains(where: { $0.directoryName == run.name }) {
      let found = (try? RunDirectory(run.directory).history().notices) ?? []
      if review.flaws[run.name] != nil {
        let done = (found + ["its test cases were tested again"]).joined(separator: "; ")
        console.error("\(run.label) is whole again: \(done)")
      } else if !found.isEmpty {
        console.error("notice: \(run.label): \(found.joined(separator: "; "))")
      }
    }
  }
}

/// The findings were written already.
package struct PreflightFailure: Error, CustomStringConvertible {
  package var description: String { "this machine is too small for the sweep; --force starts it all the same" }
}

extension SweepOutcome {
  /// With runs that could not take part.
  fileprivate func adding(failed refused: [SweepRun]) -> SweepOutcome {
    SweepOutcome(finished: finished, failed: failed + refused, interrupted: interrupted, wasStopped: wasStopped)
  }

  /// What `safnet run` says last.
  ///
  /// - Parameter file: the experiment's, as it was given.
  package func closingWords(file: String) -> String {
    if wasStopped { return "Interrupted; the same command goes on where this stopped." }
    let report = "`safnet report \(file)` makes the tables in Reports/."
    if failed.isEmpty, !interrupted.isEmpty {
      return
        "\(interrupted.count) \(interrupted.count == 1 ? "run was" : "runs were") cancelled; the same command goes on there. \(report)"
    }
    guard failed.isEmpty else {
      return "\(failed.count) of the runs failed; `safnet status \(file)` says why. \(report)"
    }
    return "All runs are finished. \(report)"
  }
}
