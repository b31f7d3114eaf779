import Foundation

/// Where and by what a run was first started: kept for the reader, never part of the plan's identity.
package struct EnvironmentRecord: Codable, Equatable, Sendable {
  package var host: String
  /// Model name as the kernel reports it.
  package var cpu: String
  package var cores: Int
  /// Bytes.
  package var memory: Int
  /// Distribution and kernel.
  package var system: String
  package var programVersion: String
  /// Nil in plans stored before it was recorded.
  package var numericsVersion: NumericsVersion?
  /// Of the checkout that the program stood in; nil outside of one.
  package var source: SourceState?
  package var instructionSet: String
  package var threads: Int
  package var startTime: Date
  package var commandLine: [String]

  package init(
    host: String, cpu: String, cores: Int, memory: Int, system: String, programVersion: String,
    numericsVersion: NumericsVersion? = nil, source: SourceState? = nil, instructionSet: String, threads: Int,
    startTime: Date, commandLine: [String]
  ) {
    (self.numericsVersion, self.source) = (numericsVersion, source)
    (self.host, self.cpu, self.cores, self.memory, self.system) = (host, cpu, cores, memory, system)
    (self.programVersion, self.instructionSet, self.threads) = (programVersion, instructionSet, threads)
    self.startTime = Date(timeIntervalSince1970: startTime.timeIntervalSince1970.rounded(.down))
    self.commandLine = commandLine
  }

  /// This machine, now.
  package static func current(
    programVersion: String, numericsVersion: NumericsVersion? = nil, source: SourceState? = nil, instructionSet: String,
    threads: Int, commandLine: [String]
  ) -> EnvironmentRecord {
    let process = ProcessInfo.processInfo
    let kernel = firstLine(of: "/proc/sys/kernel/osrelease") ?? "unknown kernel"
    let distribution = value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? "Linux"
    return EnvironmentRecord(
      host: process.hostName, cpu: value(of: "model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown",
      cores: process.activeProcessorCount, memory: Int(process.physicalMemory),
      system: "\(distribution), kernel \(kernel)", programVersion: programVersion,
      numericsVersion: numericsVersion, source: source, instructionSet: instructionSet, threads: threads,
      startTime: Date(), commandLine: commandLine)
  }

  private static func firstLine(of path: String) -> String? {
    (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").first.map(String.init)
  }

  private static func value(of key: String, in path: String, separator: Character) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
      let position = line.firstIndex(of: separator)
    else { return nil }
    return line[line.index(after: position)...].trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
  }
}
