import CPU
import Experiments
import Foundation
import Measurement
import Models
import Networks
import Reporting
import Scheduling
import Store
import Synchronization
import TestSupport
import Training
import Workbench

/// A small experiment on a phantom, taken from its file to its report inside this process: the way that every network,
/// loss, engine and executor goes, also one that the program has never seen.
struct WholeProduct {
  private let temporary = Result { try TemporaryFolder() }
  private let file: String
  let console = Notes()
  var engine: any Engine = CPUEngine()
  var networks = NetworkRegistry.standard
  var losses = LossRegistry.standard
  /// The arguments that a worker of a run would have been started with.
  let workerArguments = WorkerArguments()

  /// - Parameters: the fields of `model`, of `training`, and the variants, as JSON.
  init(
    model: String = #""kind": "safnet", "width": 16, "stem": [8, 16]"#, training: String = #""epochs": 1"#,
    variants: String = #"{ "name": "Toy" }"#
  ) {
    file = """
      { "name": "toy",
        "dataset": { "path": "phantom", "phantom": { "cases": 8, "seed": 5, "height": 96, "width": 96 } },
        "preprocessing": { "size": [6, 32, 16] }, "augmentation": false,
        "folds": { "count": 2, "validation": 1 },
        "model": { \(model) }, "training": { "batch": 2, \(training) }, "variants": [\(variants)] }
      """
  }

  var folder: URL { get throws { try temporary.get().url } }
  var workspace: Workspace { get throws { Workspace(try folder.appending(path: "Workspace")) } }

  var program: RunningProgram {
    var program = RunningProgram(
      version: "toy", engine: engine, executable: URL(fileURLWithPath: "/nowhere/safnet"), commandLine: ["safnet"])
    (program.networks, program.losses) = (networks, losses)
    return program
  }

  func specification(set overrides: [String] = []) throws -> Specification {
    let folder = try folder
    try Data(file.utf8).write(to: folder.appending(path: "toy.json"))
    return try Specification.load(
      folder.appending(path: "toy.json"), overrides: overrides, workingDirectory: folder, networks: networks,
      losses: losses)
  }

  /// Makes the phantom, prepares its cases, and plans.
  func opened() throws -> OpenedExperiment {
    try ExperimentOpening(specification: specification(), workspace: workspace, workers: 1, report: { _ in }).open()
  }

  /// `safnet plan`.
  func estimate() throws -> ExperimentEstimate {
    var planning = Planning()
    planning.measures = false
    return try planning.estimate(specification(), engine: engine)
  }

  /// `safnet run`.
  func sweep() throws -> SweepOutcome {
    var settings = SweepSession.Settings()
    settings.executor = "one-by-one"
    return try SweepSession(
      specification: specification(), workspace: workspace, settings: settings, program: program,
      machine: .init(cores: 2, freeMemory: 1 << 40),
      executors: ExecutorList(ExecutorList.all().entries + [.oneByOne(program, told: workerArguments.add)]),
      console: console
    ).run(stop: StopFlag())
  }

  /// `safnet report`, with its files in `Report`.
  func report() throws -> Report {
    let session = try ReportSession(
      specification: specification(), workspace: workspace, output: folder.appending(path: "Report").path,
      program: program, console: console)
    try session.write([.markdown, .csv], searchPath: "", console: console)
    return session.report
  }

  /// A run directory as a sweep makes it, under a name of its own.
  func directory(_ name: String, _ run: PlannedRun) throws -> RunDirectory {
    let directory = try workspace.runDirectory(named: name)
    try directory.create(
      planJSON: run.plan.canonicalJSON, identity: run.identity,
      environment: .current(programVersion: "toy", instructionSet: engine.hardware, threads: 1, commandLine: []))
    return directory
  }

  func training(_ directory: RunDirectory, _ opened: OpenedExperiment) throws -> TrainingRun {
    try TrainingRun(
      directory: directory, cases: opened.cache, engine: engine, threads: 1, programVersion: "toy",
      networks: networks, losses: losses)
  }
}

/// Keeps what a use case writes.
final class Notes: Console {
  private let text = Mutex("")
  let isTerminal = false
  let columns = 80

  func print(_ text: String) { write(text + "\n") }
  func write(_ text: String) { self.text.withLock { $0 += text } }
  var written: String { text.withLock { $0 } }
}

/// How the workers of a sweep would have been started.
final class WorkerArguments: Sendable {
  private let list = Mutex<[[String]]>([])
  var all: [[String]] { list.withLock { $0 } }
  func add(_ arguments: [String]) { list.withLock { $0.append(arguments) } }
}
