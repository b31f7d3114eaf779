import Foundation

/// The processes of this machine, as far as the system tells this one of them.
package enum ProcessTable {
  package struct Entry: Sendable {
    package let identifier: Int
    /// The words of its command line, the program's name first.
    package let words: [String]
    /// Its working directory; nil of another user's process.
    package let folder: URL?
  }

  package static func entries() -> [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap(Int.init).sorted().compactMap { identifier in
      let words = words(ofProcess: identifier)
      guard !words.isEmpty else { return nil }
      let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(identifier)/cwd")
      return Entry(
        identifier: identifier, words: words,
        folder: folder.map { URL(fileURLWithPath: $0, isDirectory: true) })
    }
  }

  /// Of a command line; empty where there is no such process.
  package static func words(ofProcess identifier: Int) -> [String] {
    SystemText.read("/proc/\(identifier)/cmdline").split(separator: "\0", omittingEmptySubsequences: false).map(
      String.init)
  }
}
