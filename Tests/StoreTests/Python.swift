import Foundation

/// An optional Python with h5py, for reading our files with another program.
enum Python {
  private static let path = ProcessInfo.processInfo.environment["SAFNET_PYTHON"] ?? "python3"

  static let hasH5py: Bool = (try? run("import h5py; print('yes')")) == "yes\n"

  static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [path, "-c", script] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Refusal(words: String(decoding: complaint, as: UTF8.self)) }
    return String(decoding: text, as: UTF8.self)
  }

  struct Refusal: Error { var words: String }
}
