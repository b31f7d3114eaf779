import Foundation
import TestSupport
import Testing

/// The built `safnet`, run as a user runs it.
struct Program {
  typealias Result = ChildProgram.Result

  /// Beside the test program, where the build puts both.
  static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("safnet")

  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }

  /// A working directory of its own with the small experiment in it.
  init(epochs: Int = 2) throws {
    temporary = try TemporaryFolder()
    try temporary.write("small.json", SmallExperiment.json(epochs: epochs))
  }

  /// A copy of everything in another working directory.
  init(copying other: Program) throws {
    temporary = try TemporaryFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: other.folder.path) {
      try FileManager.default.copyItem(at: other.temporary.file(name), to: temporary.file(name))
    }
  }

  /// Stays until the tests end: for a sweep that many tests read.
  func keptUntilExit() -> Program {
    _ = temporary.keptUntilExit()
    return self
  }

  /// Starts it without waiting, with `environment` beside our own.
  func start(
    _ arguments: [String], executable: URL = Program.executable, environment: [String: String] = [:]
  ) throws -> ChildProgram {
    try ChildProgram(executable, arguments, in: folder, environment: environment)
  }

  @discardableResult
  func callAsFunction(_ arguments: String...) throws -> Result { try start(arguments).wait() }
}

extension Program {
  /// What a command prints as a list of JSON objects.
  func json(_ arguments: String...) throws -> [[String: Any]] {
    let output = try start(arguments).wait().output
    return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
  }

  /// The names of all runs, as `safnet runs list` gives them.
  func runNames() throws -> [String] { try json("runs", "list", "--json").compactMap { $0["run"] as? String } }

  /// Every file's bytes, by its path; without the index and what was printed.
  func contents() throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { !$0.hasPrefix("printed-") && !$0.contains("/index.") }
    return Dictionary(
      uniqueKeysWithValues: paths.map { ($0, (try? Data(contentsOf: folder.appendingPathComponent($0))) ?? Data()) })
  }

  func journals() throws -> [String] {
    let runs = folder.appendingPathComponent("Workspace/runs")
    return try FileManager.default.contentsOfDirectory(at: runs, includingPropertiesForKeys: nil).map {
      try String(contentsOf: $0.appendingPathComponent("journal.jsonl"), encoding: .utf8)
    }
  }
}
