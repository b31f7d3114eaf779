import Foundation
import Store
import System

/// The last lines of a worker's log, for the error of a failed run.
package enum LogTail {
  /// A pipe in the log's place is not waited for.
  private static let opening = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK

  /// At most `lines` lines from the last 16 KB; empty when there is no log, or something else in its place.
  package static func read(_ file: URL, lines: Int = 12) -> [String] {
    guard let (number, length) = try? RegularFile.open(file) else { return [] }
    let handle = FileHandle(fileDescriptor: number, closeOnDealloc: true)
    try? handle.seek(toOffset: UInt64(max(0, length - 16384)))
    let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").suffix(lines).map(String.init)
  }

  /// From here on, this process writes to the log of its run; where that cannot be opened, to where it did.
  package static func redirectOutput(to file: URL) {
    let number = open(file.path, opening, FileMode.file)
    guard number >= 0 else { return }
    for stream in [STDOUT_FILENO, STDERR_FILENO] { dup2(number, stream) }
    close(number)
  }

  /// Adds what a worker could not say itself; a log that cannot be written stays as it is.
  package static func append(_ line: String, to file: URL) {
    guard let log = try? Descriptor(file.path, O_WRONLY | O_APPEND | O_CREAT, action: .create) else { return }
    try? log.write(Data((line + "\n").utf8))
  }

  /// Why a log stayed empty, if that is because nothing can be written to it: tries to.
  package static func refusal(_ file: URL) -> SystemError? {
    let number = open(file.path, opening, FileMode.file)
    guard number >= 0 else { return SystemError(file: file.path, action: .create, code: errno) }
    defer { close(number) }
    return write(number, "\n", 1) == 1 ? nil : SystemError(file: file.path, action: .write, code: errno)
  }
}
