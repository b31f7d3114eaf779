import Foundation

/// A program that a test has started. What it prints goes to two files, since a pipe that nobody reads fills up.
package struct ChildProgram {
  package struct Result: Sendable {
    /// The exit code, or 128 + the signal that ended it.
    package let status: Int32
    package let output: String
    package let errors: String
  }

  package let process: Process
  package let output: URL
  package let errors: URL

  /// Starts it in `folder`, where its two files `printed-…` are, with `environment` beside our own.
  package init(
    _ executable: URL, _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws {
    process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    (output, errors) = (folder.appending(path: "printed-\(UUID())"), folder.appending(path: "printed-\(UUID())"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  package func wait() throws -> Result {
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    return Result(
      status: status, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }
}

/// Writes a script that can be started at once. A child writes it: a file that this process has open for writing is open in
/// whatever another test starts in that moment too, and the system starts no such file ("text file busy").
package func writeProgram(_ script: String, to file: URL) throws {
  let folder = file.deletingLastPathComponent()
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  let writer = Process()
  writer.executableURL = URL(filePath: "/bin/sh")
  writer.arguments = ["-c", "printf %s \"$1\" > \"$0\" && chmod 755 \"$0\"", file.path, script]
  try writer.run()
  writer.waitUntilExit()
  guard writer.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
}

/// The Python that tests look for: `$SAFNET_PYTHON`, or `python3`. Tests that need a module of it are skipped without.
package enum Python {
  package struct Refusal: Error { package let words: String }

  package static func has(_ module: String) -> Bool { (try? run("import \(module)")) != nil }

  /// What a script prints; `arguments` are its `sys.argv[1:]`.
  package static func run(_ script: String, _ arguments: String...) throws -> String {
    let python = ProcessInfo.processInfo.environment["SAFNET_PYTHON"] ?? "python3"
    let folder = try TemporaryFolder()
    let result = try ChildProgram(
      URL(filePath: "/usr/bin/env"), [python, "-c", script] + arguments, in: folder.url
    ).wait()
    guard result.status == 0 else { throw Refusal(words: result.errors) }
    return result.output
  }
}
