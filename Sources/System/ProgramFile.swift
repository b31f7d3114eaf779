import Foundation

/// Executables: this one, and those of other processes.
package enum ProgramFile {
  /// This executable, where it stands.
  package static var current: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }

  /// How to start `program`: where it is this process's own, through the open file, which stays the same whatever has taken
  /// its place on the disk meanwhile. A sweep of days must not go on with a program that was built during it.
  package static func startable(_ program: URL) -> URL {
    let open = "/proc/\(getpid())/exe"
    guard let path = path(ofProcess: getpid()), isSame(path, program), access(open, X_OK) == 0 else { return program }
    return URL(fileURLWithPath: open)
  }

  /// Whether a process runs `program`, be it what stands there now or what stood there when it was started.
  package static func isRunning(_ program: URL, inProcess identifier: pid_t) -> Bool {
    path(ofProcess: identifier).map { isSame($0, program) } ?? false
  }

  /// The path of the executable that a process runs; nil when the process has ended or belongs to somebody else.
  package static func path(ofProcess identifier: pid_t) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(identifier)/exe")
  }

  /// The system marks a path whose file is no longer the one that runs.
  private static func isSame(_ path: String, _ program: URL) -> Bool {
    path == program.path || path == program.path + " (deleted)"
  }

  /// Gives this process the name under which `ps` and `pgrep` show it, which the system takes from the file's path.
  package static func takeName(_ name: String) {
    guard let file = try? Descriptor("/proc/self/comm", O_WRONLY, action: .write) else { return }
    try? file.write(Data(name.utf8))
  }

  /// An executable by its name, in the folders of a search path (`/usr/bin:/bin`); nil when none of them has it.
  package static func find(_ name: String, in searchPath: String) -> URL? {
    searchPath.split(separator: ":").lazy.map { URL(fileURLWithPath: "\($0)/\(name)") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
