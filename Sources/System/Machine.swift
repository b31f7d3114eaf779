import Foundation

/// What this machine has to give to this process right now.
package struct Machine: Equatable, Sendable {
  /// Processors this process may run on: by its affinity mask and its control group, not the machine's total.
  package var cores: Int
  /// Bytes that can be taken without swapping, and without meeting the control group's limit.
  package var freeMemory: Int

  package init(cores: Int, freeMemory: Int) { (self.cores, self.freeMemory) = (cores, freeMemory) }

  package static func current() -> Machine {
    Machine(cores: min(processors, ControlGroup().cores ?? processors), freeMemory: freeMemory())
  }

  /// Processors in this process's affinity mask.
  package static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  package static var hostName: String { ProcessInfo.processInfo.hostName }

  /// Processes that wanted a processor, on average over the last minute; nil where the system does not tell.
  package static var load: Double? {
    var average = 0.0
    return getloadavg(&average, 1) == 1 ? average : nil
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
    return freeBytes(blocks: status.f_blocks, available: status.f_bavail, blockSize: status.f_frsize)
  }

  /// Nil where the answer makes no sense, as of some network and FUSE file systems: no blocks at all, more free than there
  /// are, or more bytes than can be counted.
  package static func freeBytes(blocks: UInt, available: UInt, blockSize: UInt) -> Int? {
    guard blocks > 0, blockSize > 0, available <= blocks else { return nil }
    let (bytes, overflow) = available.multipliedReportingOverflow(by: blockSize)
    return overflow ? nil : Int(exactly: bytes)
  }

  private static func freeMemory() -> Int {
    let available = availableMemory(meminfo: SystemText.read("/proc/meminfo")) ?? Int.max
    return min(available, ControlGroup().freeMemory ?? Int.max)
  }

  /// `MemAvailable:   12345 kB` in bytes.
  package static func availableMemory(meminfo: String) -> Int? {
    SystemText.kilobytes("MemAvailable:", in: meminfo)
  }
}

/// What this machine is, for records.
package struct MachineDescription: Equatable, Sendable {
  package var host: String
  /// Model name as the kernel reports it.
  package var cpu: String
  /// Processors in this process's affinity mask.
  package var cores: Int
  /// Bytes, of the whole machine.
  package var memory: Int
  /// Distribution and kernel.
  package var system: String

  package static func current() -> MachineDescription {
    let kernel = SystemText.read("/proc/sys/kernel/osrelease").split(separator: "\n").first.map(String.init)
    let distribution = SystemText.value(of: "PRETTY_NAME", after: "=", in: SystemText.read("/etc/os-release"))
    return MachineDescription(
      host: Machine.hostName,
      cpu: SystemText.value(of: "model name", after: ":", in: SystemText.read("/proc/cpuinfo")) ?? "unknown",
      cores: Machine.processors, memory: Int(ProcessInfo.processInfo.physicalMemory),
      system: "\(distribution ?? "Linux"), kernel \(kernel ?? "unknown kernel")")
  }
}

/// What the system says of a process's resident memory, in bytes; 0 where it does not say.
package enum ProcessMemory {
  /// The most it ever was.
  package static func peak(ofProcess process: String) -> Int { bytes("VmHWM:", of: process) }

  /// What it is.
  package static func now(ofProcess process: String) -> Int { bytes("VmRSS:", of: process) }

  /// Pages that this process touched for the first time, all threads, since it started: fresh memory costs its first
  /// writer one for every 4 KiB, or one for 2 MiB.
  package static func faults() -> Int {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, an enumeration in some C libraries
    return usage.ru_minflt
  }

  private static func bytes(_ field: String, of process: String) -> Int {
    SystemText.kilobytes(field, in: SystemText.read("/proc/\(process)/status")) ?? 0
  }
}

/// What this process has taken of the processors, in seconds, all threads together.
package enum ProcessTime {
  package static func ofThisProcess() -> Double {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, an enumeration in some C libraries
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
  }

  /// The same of another process; 0 where the system does not tell.
  package static func of(process: Int32) -> Double {
    // Its name stands in brackets and may hold spaces; user and system time are the 12th and 13th words behind it.
    let words = SystemText.read("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
    guard words.count > 12, let user = Double(words[11]), let system = Double(words[12]) else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

/// Texts in which the system describes itself: one field a line.
enum SystemText {
  /// Empty when there is no such file.
  static func read(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

  /// The first line that begins with `field`.
  private static func line(_ field: String, in text: String) -> Substring? {
    text.split(separator: "\n").first { $0.hasPrefix(field) }
  }

  /// `FIELD   12345 kB` in bytes.
  static func kilobytes(_ field: String, in text: String) -> Int? {
    number(field, in: text).flatMap { number in
      let (bytes, overflow) = number.multipliedReportingOverflow(by: 1024)
      return overflow ? nil : bytes
    }
  }

  /// The number after `field`.
  static func number(_ field: String, in text: String) -> Int? {
    line(field, in: text)?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }

  /// What stands behind the separator, without quotes.
  static func value(of field: String, after separator: Character, in text: String) -> String? {
    guard let line = line(field, in: text), let position = line.firstIndex(of: separator) else { return nil }
    return line[line.index(after: position)...].trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
  }
}
