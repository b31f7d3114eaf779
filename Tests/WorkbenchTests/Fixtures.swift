import CPU
import Experiments
import Foundation
import Scheduling
import Store
import Synchronization
import Training
import Workbench

/// Keeps what a use case writes.
final class RecordedConsole: Console {
  private let results = Mutex<[String]>([])
  private let written = Mutex("")
  let isTerminal: Bool
  let columns = 80

  init(isTerminal: Bool = false) { self.isTerminal = isTerminal }

  func print(_ text: String) { results.withLock { $0.append(text) } }
  func write(_ text: String) { written.withLock { $0 += text } }

  var output: [String] { results.withLock { $0 } }
  var errors: String { written.withLock { $0 } }
}

/// A folder with a small experiment: 2 variants, 2 folds, a phantom of 8 cases.
struct SmallExperiment {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("workbench-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(Self.text.utf8).write(to: folder.appendingPathComponent("small.json"))
  }

  init(copying other: SmallExperiment) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("workbench-" + UUID().uuidString)
    try FileManager.default.copyItem(at: other.folder, to: folder)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  private static let text = """
    {
      "name": "small",
      "dataset": { "path": "phantom", "phantom": { "cases": 8, "seed": 5, "height": 96, "width": 96 } },
      "preprocessing": { "size": [6, 32, 16] },
      "augmentation": false,
      "folds": { "count": 2, "validation": 1 },
      "model": { "kind": "safnet", "width": 16, "stem": [8, 16] },
      "training": { "epochs": 1, "batch": 2 },
      "variants": [
        { "name": "SAFNet" },
        { "name": "Base", "model": { "aspp": false, "attention": false, "multiscale": false } }
      ]
    }
    """

  /// The same sweep, finished; copied for each test, since trained but once.
  static func trained() throws -> SmallExperiment { try SmallExperiment(copying: finished.get()) }

  private static let finished = Result<SmallExperiment, any Error> {
    let experiment = try SmallExperiment()
    _ = try experiment.session(RecordedConsole(), executor: WorkerHere()).run(stop: StopFlag())
    return experiment
  }

  static let program = RunningProgram(
    version: "test", engine: CPUEngine(), executable: URL(fileURLWithPath: "/nowhere/safnet"),
    commandLine: ["safnet", "run", "small.json"])

  var workspace: Workspace { Workspace(folder.appendingPathComponent("Workspace", isDirectory: true)) }

  func specification() throws -> Specification {
    try Specification.load(folder.appendingPathComponent("small.json"), overrides: [])
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func session(
    _ console: RecordedConsole, executor: any Executor, settings: SweepSession.Settings = .init(), memory: Int = 1 << 40
  ) throws -> SweepSession {
    try SweepSession(
      specification: specification(), workspace: workspace, settings: settings, program: Self.program,
      machine: .init(cores: 2, freeMemory: memory), executor: executor, console: console)
  }
}

/// Trains each job in this process, before the coordinator goes on; or ends it as told.
final class WorkerHere: Executor {
  private(set) var started: [String] = []
  private var ended: [(name: String, end: JobEnd)] = []
  private let end: JobEnd?

  init(ending end: JobEnd? = nil) { self.end = end }

  func start(_ job: Job) throws {
    started.append(job.name)
    let run = RunDirectory(job.directory)
    if let end {
      try Data("first line\nlast words\n".utf8).write(to: run.logFile)
      ended.append((job.name, end))
    } else {
      let outcome = try WorkerSession(run, program: SmallExperiment.program).train(stop: StopFlag())
      ended.append((job.name, outcome == .finished ? .finished : .interrupted))
    }
  }

  func collectEnded() -> [(name: String, end: JobEnd)] {
    defer { ended = [] }
    return ended
  }

  func interrupt(_ name: String) {}
  func kill(_ name: String) {}
}
