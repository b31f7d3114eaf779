import Foundation

/// The program at work: what run directories record of it, and how it starts itself again as a worker.
package struct RunningProgram: Sendable {
  package let version: String
  package let executable: URL
  /// As it was called, its own name first.
  package let commandLine: [String]

  package init(version: String, executable: URL, commandLine: [String]) {
    (self.version, self.executable, self.commandLine) = (version, executable, commandLine)
  }

  package static func current(version: String) -> RunningProgram {
    RunningProgram(
      version: version, executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath(),
      commandLine: CommandLine.arguments)
  }
}
