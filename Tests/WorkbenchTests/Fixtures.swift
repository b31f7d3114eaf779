import CPU
import Experiments
import Foundation
import Scheduling
import Store
import Synchronization
import TestSupport
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

/// A folder with the small experiment, and its sweep.
struct SmallSweep {
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }

  init() throws {
    temporary = try TemporaryFolder()
    try temporary.write("small.json", SmallExperiment.json(epochs: 1))
  }

  private init(copying other: SmallSweep) throws {
    temporary = try TemporaryFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: other.folder.path) {
      try FileManager.default.copyItem(at: other.temporary.file(name), to: temporary.file(name))
    }
  }

  /// Finished: trained once, and copied for each test.
  static func trained() throws -> SmallSweep { try SmallSweep(copying: finished.get()) }

  private static let finished = Result<SmallSweep, any Error> {
    let sweep = try SmallSweep()
    _ = sweep.temporary.keptUntilExit()
    _ = try sweep.session(RecordedConsole(), executor: WorkerHere()).run(stop: StopFlag())
    return sweep
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
      let outcome = try WorkerSession(run, program: SmallSweep.program).train(stop: StopFlag())
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
