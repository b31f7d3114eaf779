import Foundation

/// What this machine has to give right now.
package struct Machine: Equatable, Sendable {
  /// Processors this process may run on: by its affinity mask and its control group, not the machine's total.
  package var cores: Int
  /// Bytes that can be taken without swapping, and without meeting the control group's limit.
  package var freeMemory: Int

  package init(cores: Int, freeMemory: Int) { (self.cores, self.freeMemory) = (cores, freeMemory) }

  package static func current() -> Machine {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return Machine(cores: min(cores, ControlGroup().cores ?? cores), freeMemory: freeMemory())
  }

  /// Bytes an unprivileged user may still write below `folder`, or nil when the system does not say.
  package static func freeDisk(at folder: URL) -> Int? {
    var status = statvfs()
    var folder = folder
    // A workspace that does not exist yet will be on the file system of its nearest existing parent.
    while statvfs(folder.path, &status) != 0 {
      guard errno == ENOENT, folder.path != "/" else { return nil }
      folder = folder.deletingLastPathComponent()
    }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  private static func freeMemory() -> Int {
    let information = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let available = availableMemory(meminfo: information) ?? Int.max
    return min(available, ControlGroup().freeMemory ?? Int.max)
  }

  /// `MemAvailable:   12345 kB` in bytes.
  package static func availableMemory(meminfo: String) -> Int? {
    let line = meminfo.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let number = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return number.map { $0 * 1024 }
  }
}
