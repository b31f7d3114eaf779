import Foundation
import Models
import Networks
import System

/// The program at work: what run directories record of it, and how it starts itself again as a worker.
package struct RunningProgram: Sendable {
  package let version: String
  /// What it computes with.
  package var engine: any Engine
  /// The networks that the runs of a workspace may name.
  package var networks = NetworkRegistry.standard
  /// The losses that the runs of a workspace may name.
  package var losses = LossRegistry.standard
  package let executable: URL
  /// As it was called, its own name first.
  package let commandLine: [String]

  package init(version: String, engine: any Engine, executable: URL, commandLine: [String]) {
    (self.version, self.engine, self.executable, self.commandLine) = (version, engine, executable, commandLine)
  }

  package static func current(version: String, engine: any Engine) -> RunningProgram {
    RunningProgram(
      version: version, engine: engine, executable: ProgramFile.current, commandLine: CommandLine.arguments)
  }
}
