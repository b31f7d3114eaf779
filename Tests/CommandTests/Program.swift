import Foundation

/// The built `safnet`, run as a user runs it.
struct Program {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Beside the test program, where the build puts both.
  static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("safnet")

  let folder: URL

  /// A working directory of its own with a small experiment in it: 2 variants, 2 folds, a phantom of 8 cases.
  init(epochs: Int = 2) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("command-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(Self.experiment(epochs: epochs).utf8).write(to: folder.appendingPathComponent("small.json"))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  static func experiment(epochs: Int) -> String {
    """
    {
      "name": "small",
      "dataset": { "path": "phantom", "phantom": { "cases": 8, "seed": 5, "height": 96, "width": 96 } },
      "preprocessing": { "size": [6, 32, 16] },
      "augmentation": false,
      "folds": { "count": 2, "validation": 1 },
      "model": { "kind": "safnet", "width": 16, "stem": [8, 16] },
      "training": { "epochs": \(epochs), "batch": 2 },
      "variants": [
        { "name": "SAFNet" },
        { "name": "Base", "model": { "aspp": false, "attention": false, "multiscale": false } }
      ]
    }
    """
  }

  /// A copy of everything in another working directory.
  init(copying other: Program) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("command-" + UUID().uuidString)
    try FileManager.default.copyItem(at: other.folder, to: folder)
  }

  /// Starts it without waiting, with `environment` beside our own.
  func start(
    _ arguments: [String], executable: URL = Program.executable, environment: [String: String] = [:]
  ) throws -> Running {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let (output, errors) = (
      folder.appendingPathComponent("printed-\(UUID())"), folder.appendingPathComponent("printed-\(UUID())")
    )
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return Running(process: process, output: output, errors: errors)
  }

  @discardableResult
  func callAsFunction(_ arguments: String...) throws -> Result { try start(arguments).wait() }

  struct Running {
    let process: Process
    let output: URL
    let errors: URL

    func wait() throws -> Result {
      process.waitUntilExit()
      let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
      return Result(
        status: status, output: try String(contentsOf: output, encoding: .utf8),
        errors: try String(contentsOf: errors, encoding: .utf8))
    }
  }
}
