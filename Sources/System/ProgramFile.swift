import Foundation

/// Executables: this one, and those of other processes.
package enum ProgramFile {
  /// This executable, for starting it again.
  package static var current: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }

  /// The path of the executable that a process runs; nil when the process has ended or belongs to somebody else.
  package static func path(ofProcess identifier: pid_t) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(identifier)/exe")
  }

  /// An executable by its name, in the folders of a search path (`/usr/bin:/bin`); nil when none of them has it.
  package static func find(_ name: String, in searchPath: String) -> URL? {
    searchPath.split(separator: ":").lazy.map { URL(fileURLWithPath: "\($0)/\(name)") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
