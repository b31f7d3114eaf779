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
    _ = try sweep.session(RecordedConsole()).run(stop: StopFlag())
    return sweep
  }

  static let program = RunningProgram(
    version: "test", engine: CPUEngine(), executable: URL(fileURLWithPath: "/nowhere/safnet"),
    commandLine: ["safnet", "run", "small.json"])

  var workspace: Workspace { Workspace(folder.appendingPathComponent("Workspace", isDirectory: true)) }

  func specification(_ overrides: [String] = []) throws -> Specification {
    try Specification.load(folder.appendingPathComponent("small.json"), overrides: overrides)
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func session(
    _ console: RecordedConsole, executor: ExecutorEntry = .here(), settings: SweepSession.Settings = .init(),
    memory: Int = 1 << 40, overrides: [String] = []
  ) throws -> SweepSession {
    var settings = settings
    settings.executor = executor.name
    return try SweepSession(
      specification: specification(overrides), workspace: workspace, settings: settings, program: Self.program,
      machine: .init(cores: 2, freeMemory: memory), executors: ExecutorList([executor]),
      console: console)
  }
}

extension RunDirectory {
  /// As if these words had begun it; a plan's file is sealed, so that it is written anew.
  func pretend(commandLine words: [String]) throws {
    var stored = try readPlan()
    stored.environment.commandLine = words
    let temporary = try TemporaryFolder()
    let other = RunDirectory(temporary.file("run"))
    _ = try other.create(planJSON: stored.planJSON, identity: stored.identity, environment: stored.environment)
    try Data(contentsOf: other.planFile).write(to: planFile)
  }
}

/// Which runs were handed in.
final class Submissions: Sendable {
  private let list = Mutex<[String]>([])
  var names: [String] { list.withLock { $0 } }
  func add(_ name: String) { list.withLock { $0.append(name) } }
}

extension ExecutorEntry {
  /// Trains each job in this process, before the coordinator goes on; or ends it as told, with a log.
  ///
  /// - Parameters:
  ///   - log: what it leaves in the log of a job that it ends as told.
  ///   - name: "local": measured as workers of this machine are.
  static func here(
    _ submissions: Submissions = Submissions(), ending end: JobEnd? = nil, log: String = "first line\nlast words\n",
    name: String = "here"
  ) -> ExecutorEntry {
    ExecutorEntry(
      name: name, summary: "in this process", allotment: local.allotment,
      make: { _ in WorkerHere(submissions, ending: end, log: log) })
  }
}

private final class WorkerHere: Executor {
  private let submissions: Submissions
  private let end: JobEnd?
  private let words: String
  private var ended: [(name: String, status: JobStatus)] = []

  init(_ submissions: Submissions, ending end: JobEnd?, log: String) {
    (self.submissions, self.end, words) = (submissions, end, log)
  }

  func submit(_ jobs: [Job]) -> [String: String] {
    for job in jobs {
      submissions.add(job.name)
      ended.append((job.name, .ended(end.map { log(job, $0) } ?? train(job))))
    }
    return [:]
  }

  private func log(_ job: Job, _ end: JobEnd) -> JobEnd {
    try? Data(words.utf8).write(to: job.run.log)
    return end
  }

  private func train(_ job: Job) -> JobEnd {
    let worker = WorkerSession(RunDirectory(job.run.directory), program: SmallSweep.program)
    do {
      return try worker.train(stop: StopFlag()) == .finished ? .finished : .interrupted
    } catch {
      return .notStarted(reason: "\(error)")
    }
  }

  func poll() -> [(name: String, status: JobStatus)] {
    defer { ended = [] }
    return ended
  }

  func interrupt(_ names: [String]) {}
  func kill(_ names: [String]) {}
}
