import Foundation
import TestSupport
import Testing

/// The small experiment, trained once by the built program; every test has a copy of its own.
struct TrainedSweep {
  private static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("safnet")

  private static let made = Result {
    let folder = try TemporaryFolder().keptUntilExit()
    try folder.write("small.json", SmallExperiment.json())
    let result = try ChildProgram(executable, ["run", "small.json", "--threads", "1"], in: folder.url).wait()
    try #require(result.status == 0, "\(result.errors)")
    return folder
  }

  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }

  init() throws {
    let source = try Self.made.get().url
    temporary = try TemporaryFolder()
    for name in ["small.json", "Workspace", "phantom"] {
      try FileManager.default.copyItem(at: source.appending(path: name), to: folder.appending(path: name))
    }
  }

  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> ChildProgram {
    try ChildProgram(Self.executable, arguments, in: folder, environment: environment)
  }

  @discardableResult
  func callAsFunction(_ arguments: String...) throws -> ChildProgram.Result { try start(arguments).wait() }

  /// Names of all runs, in order.
  var runs: [String] { get throws { try names("Workspace/runs") } }

  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self.folder.appending(path: folder).path).sorted()
  }

  /// Every file below a folder, with its bytes.
  func files(_ folder: String) throws -> [String: Data] {
    let root = self.folder.appending(path: folder)
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      guard let data = try? Data(contentsOf: root.appending(path: path)) else { continue }
      found[path] = data
    }
    return found
  }

  func text(_ file: String) throws -> String {
    try String(contentsOf: folder.appending(path: file), encoding: .utf8)
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: path).path) }
}
