import ArgumentParser
import Experiments
import Foundation
import Scheduling
import Slurm
import Store
import Text
import Training
import Workbench

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Train what an experiment asks for and is not there yet.",
    discussion: """
      Plans the experiment, trains what is missing, goes on with what was interrupted, tries again what crashed. \
      Giving the same command again is always safe. Ctrl-C lets every worker finish its step and save; a second \
      Ctrl-C ends them at once, which costs at most one epoch. What is damaged of a finished run is made anew.

      Examples:
        safnet run Experiments/demo.json
        safnet run Experiments/ablation.json --jobs 2 --threads 8 --only SAFNet \\
          --folds 1,3
        safnet run Experiments/ablation.json --set seeds=[2023,2024] --seeds 2024 \\
          --only "Base*"
        safnet run Experiments/lumbar-vb3.json --set dataset.path=/data/lumbar \\
          --dry-run
        safnet run Experiments/ablation.json --engine pjrt --device 0-3
        safnet run Experiments/ablation.json --executor slurm --site my-cluster.json
        safnet run Experiments/ablation.json \\
          --notify "mail -s safnet me@example.org"
      """)

  @OptionGroup var experiment: ExperimentArguments
  @OptionGroup var options: WorkspaceOptions
  @Option(
    help: ArgumentHelp(
      "What trains the runs: "
        + ExecutorList.all().entries.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ") + ".",
      valueName: "name"))
  var executor = ExecutorList.all().entries[0].name
  @OptionGroup var site: SiteOptions
  @OptionGroup var engine: EngineOptions
  @Option(
    help:
      "Runs at once; as many as cores and memory allow, if not given. On devices one, and never two on the same one.")
  var jobs: Int?
  @Option(
    help: ArgumentHelp(
      "With --engine pjrt: the devices to train on, one run at a time on each; the first ones, if not given.",
      valueName: "numbers"), transform: NumberList.init(parsing:))
  var device: NumberList?
  @Option(help: "Threads of each run; the cores shared among the runs, if not given.") var threads: Int?
  @OptionGroup var part: SelectionOptions
  @Option(help: "Tries after a crash without progress.") var retries = 2
  @Flag(help: "Stop the sweep when one run has failed for good.") var failFast = false
  @Flag(help: "Train even if disk or memory seem too small.") var force = false
  @Flag(help: "Go on with unfinished runs that a program of another numerics version began, to bits of both.")
  var mixNumerics = false
  @Option(
    help: ArgumentHelp(
      "Checkpoints to keep before the last one while a run is trained, to fall back on; the last and the best always stay.",
      valueName: "number"))
  var keepCheckpoints = TrainingRun.usualEarlierCheckpoints
  @OptionGroup(title: "Alerts") var alerts: AlertOptions
  @Flag(help: "Say what would be done, and do nothing.") var dryRun = false
  @Flag(help: ArgumentHelp("Stop when standard input ends.", visibility: .hidden)) var lifeline = false

  func validate() throws {
    if let jobs, !(1...4096).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 4096") }
    if let threads { try Threads.validate(threads) }
    if !(0...1_000_000).contains(retries) { throw ValidationError("--retries takes a number from 0 to 1000000") }
    try KeptCheckpoints.validate(keepCheckpoints)
    if (executor == "slurm") != (site.file != nil) {
      throw ValidationError(
        "--executor slurm and --site FILE belong together; docs/cluster.md says what the file holds")
    }
  }

  func run() throws {
    let profile = try site.profile(jobs: jobs, threads: threads)
    let stop = StopFlag {
      console.error("\nInterrupted; the same command goes on where this stopped.")
      _exit(130)
    }
    SignalWatcher.start(raising: stop)
    if lifeline { LifelineWatcher.start(raising: stop) }
    let specification = try stop.whileNothingIsAtStake { try experiment.specification(for: .sweep) }
    let session = try SweepSession(
      specification: specification, workspace: options.store,
      settings: settings(profile), program: engine.program(), executors: .all(site: profile), console: console)
    let outcome = try session.run(stop: stop)
    console.error(dryRun ? "Nothing was done (--dry-run)." : closingWords(outcome, specification))
    if outcome.wasStopped { throw ExitCode(130) }
    if !outcome.failed.isEmpty || !outcome.interrupted.isEmpty { throw ExitCode(1) }
  }

  private func closingWords(_ outcome: SweepOutcome, _ specification: Specification) -> String {
    let words = outcome.closingWords(file: again, isPart: part.isPart, edit: FileEdit(since: specification))
    guard site.file != nil, outcome.wasStopped else { return words }
    return words + " Jobs of the cluster go on meanwhile; `safnet cancel \(again)` ends them."
  }

  /// What names this experiment and its runs in another command.
  private var again: String {
    let changes = experiment.overrides.flatMap { ["--set", $0] }
    let place = options.given.map { ["--workspace", $0] } ?? []
    return ([experiment.file] + changes + place).map(ShellWord.quoted).joined(separator: " ")
  }

  private func settings(_ profile: SiteProfile?) -> SweepSession.Settings {
    var settings = SweepSession.Settings()
    (settings.jobs, settings.threads, settings.devices) = (jobs, threads, device?.numbers)
    settings.selection = part.selection
    settings.isWorkspaceAsked = options.isAsked
    // A cluster's queue holds them all; how many of them run at once, its jobs say themselves.
    if let profile { (settings.jobs, settings.atOnce) = (nil, profile.atOnce) }
    (settings.retries, settings.failFast, settings.force, settings.dryRun) = (retries, failFast, force, dryRun)
    settings.notify = alerts.notify.map { ($0, alerts.limits) }
    (settings.mixesNumerics, settings.executor, settings.keepCheckpoints) = (mixNumerics, executor, keepCheckpoints)
    return settings
  }
}

/// `--threads`, of `safnet run` and of its workers.
enum Threads {
  static func validate(_ number: Int) throws {
    if !(1...1024).contains(number) { throw ValidationError("--threads takes a number from 1 to 1024") }
  }
}

/// `--keep-checkpoints`, of `safnet run` and of its workers.
enum KeptCheckpoints {
  static func validate(_ number: Int) throws {
    let limits = RunDirectory.earlierCheckpointLimits
    guard limits.contains(number) else {
      throw ValidationError("--keep-checkpoints must be \(limits.lowerBound) to \(limits.upperBound)")
    }
  }
}
