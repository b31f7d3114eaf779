import Experiments
import Foundation
import Measurement
import Networks
import Scheduling
import Store
import System
import Training

/// `safnet run` from specification to outcome: opens the experiment, checks the machine, makes the run directories and
/// lets the coordinator work.
package struct SweepSession {
  package struct Settings: Sendable {
    /// Runs at once, and threads of each; nil leaves it to the machine.
    package var jobs: Int?
    package var threads: Int?
    /// How many runs a cluster is told to have at work at once; nil: it decides.
    package var atOnce: Int?
    /// Seconds that a sweep must be expected to take before it is measured how its runs best share the machine.
    package var sharingPaysAfter = Throughput.paysAfter
    /// Numbers of the engine's devices that may be used; nil: the first one, or as many as `jobs` says.
    package var devices: [Int]?
    /// Which of the runs to train.
    package var selection = RunSelection()
    /// Tries after a crash without progress.
    package var retries = 2
    package var failFast = false
    /// Train though disk or memory seem too small.
    package var force = false
    /// Whether somebody named the workspace: then it is meant, though the experiment's runs are in another.
    package var isWorkspaceAsked = true
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

  /// As it was given, but for variants that nobody asks for and that cannot be planned.
  private(set) var specification: Specification
  /// Those variants.
  private(set) var leftOut: Set<String> = []
  let workspace: Workspace
  let settings: Settings
  /// Its engine is the first of `devices`.
  private(set) var program: RunningProgram
  private(set) var devices: [any Engine] = []
  let machine: Machine
  let executors: ExecutorList
  let console: any Console
  let source = SourceLook()

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
    if !settings.dryRun { try executor.check() }
    let devices = try WorkerDevices(
      of: program.engine, jobs: settings.jobs, numbers: settings.devices,
      executor: (executor.name, executor.usesThisMachine))
    var session = self
    let asked = try settings.selection.checked(with: specification).variants
    let part = specification.withoutUnsettledStarts(besides: asked, in: workspace)
    session.specification = part.specification
    session.leftOut = Set(specification.variants.map(\.name)).subtracting(part.specification.variants.map(\.name))
    for notice in part.notices { console.error("notice: \(notice)") }
    (session.devices, session.program.engine) = (devices.engines, devices.engines.first ?? program.engine)
    return try session.run(executor, devices, stop)
  }

  private func run(_ executor: ExecutorEntry, _ devices: WorkerDevices, _ stop: StopFlag) throws -> SweepOutcome {
    let sweep = try PatienceNotice.say(
      "still preparing: images are read and checked, then a step of a network is timed", to: console
    ) { try stop.whileNothingIsAtStake { try prepare(executor) } }
    if !sweep.review.unfinished.isEmpty { for line in devices.lines { console.error(line) } }
    if settings.force, sweep.review.unfinished.isEmpty {
      console.error(
        "notice: --force trains nothing anew, but trains where disk or memory seem too small. What is finished stays:"
          + " `safnet runs remove RUN` takes a run away, and `safnet run` trains it again.")
    }
    if settings.dryRun { return dryRun(sweep) }
    let outcome = try coordinator(sweep, executor).run { stop.requests }
    if outcome.hasLostWorkspace { throw LostWorkspace(words: workspace.lossWords) }
    return try stop.whileNothingIsAtStake(obeysEarlier: false) {
      _ = try? WorkspaceIndex(workspace).refresh()
      showFailures(outcome)
      showMends(outcome, sweep.review)
      if !outcome.wasStopped {
        for line in executor.lastWords(context) { console.error(line) }
        try sweep.step.run(sweep.predictions, source: sweep.cache)
      }
      return outcome.adding(failed: refused(sweep.review))
    }
  }

  /// The runs that cannot take part: without them the sweep is no success, nor is the look at it of a dry run.
  func refused(_ review: RunReview) -> [SweepRun] { review.refused.map { sweepRun($0.run, nil) } }

  // MARK: The sweep

  private var context: ExecutorEntry.Context {
    let engine = program.engine.name
    let shared =
      ["--keep-checkpoints", "\(settings.keepCheckpoints)"] + (settings.mixesNumerics ? ["--mix-numerics"] : [])
    var context = ExecutorEntry.Context(program: program.executable, workspace: workspace.root) {
      ["worker", $0.run.directory.path, "--threads", "\($0.threads)", "--engine", $0.device ?? engine] + shared
    }
    (context.workerOptions, context.experiment) = (["--engine", engine] + shared, specification.name)
    context.say = { [console] in console.error("notice: \($0)") }
    return context
  }

  private func coordinator(_ prepared: PreparedSweep, _ executor: ExecutorEntry) throws -> Coordinator {
    let sweep = Sweep(
      runs: prepared.runs.map(\.name), retry: RetryPolicy(retries: settings.retries),
      failurePolicy: settings.failFast ? .failFast : .keepGoing)
    var intervals = Coordinator.Intervals()
    intervals.poll = executor.lookSeconds
    return Coordinator(
      runs: prepared.runs, sweep: sweep, allotment: prepared.allotment,
      devices: DevicePool(devices.map(\.name), variants: Set(prepared.runs.map(\.variant))),
      executor: try executor.make(context),
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
}

/// A sweep has ended because nothing is left to write in; nothing is made in its place.
package struct LostWorkspace: Error, Equatable, CustomStringConvertible {
  package let words: String

  package var description: String { words }
}

extension SweepOutcome {
  /// With runs that could not take part.
  fileprivate func adding(failed refused: [SweepRun]) -> SweepOutcome {
    SweepOutcome(
      finished: finished, failed: failed + refused, interrupted: interrupted, wasStopped: wasStopped,
      takenAway: takenAway)
  }
}
