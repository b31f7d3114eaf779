import Foundation

/// What the system says of a process's resident memory, in bytes; 0 where it does not say.
enum ProcessMemory {
  /// The most it ever was.
  static func peak(ofProcess process: String) -> Int { bytes("VmHWM:", of: process) }

  /// What it is.
  static func now(ofProcess process: String) -> Int { bytes("VmRSS:", of: process) }

  /// Pages that this process touched for the first time, all threads, since it started: fresh memory costs its first
  /// writer one for every 4 KiB, or one for 2 MiB.
  static func faults() -> Int {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, an enumeration in some C libraries
    return usage.ru_minflt
  }

  private static func bytes(_ field: String, of process: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
    return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
  }
}
