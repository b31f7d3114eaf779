import Foundation
import System

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
  /// The name of the engine that was chosen; nil in plans stored before there was a choice.
  package var engine: String?
  /// What of the machine decides the engine's bits: a processor's instruction set, a card.
  package var instructionSet: String
  package var threads: Int
  package var startTime: Date
  package var commandLine: [String]

  package init(
    host: String, cpu: String, cores: Int, memory: Int, system: String, programVersion: String,
    numericsVersion: NumericsVersion? = nil, source: SourceState? = nil, engine: String? = nil, instructionSet: String,
    threads: Int, startTime: Date, commandLine: [String]
  ) {
    (self.numericsVersion, self.source, self.engine) = (numericsVersion, source, engine)
    (self.host, self.cpu, self.cores, self.memory, self.system) = (host, cpu, cores, memory, system)
    (self.programVersion, self.instructionSet, self.threads) = (programVersion, instructionSet, threads)
    self.startTime = Date(timeIntervalSince1970: startTime.timeIntervalSince1970.rounded(.down))
    self.commandLine = commandLine
  }

  /// For a plan that was lost and is written anew: what the run's journal still tells of its first worker, and of this
  /// machine only if it was that worker's.
  func restored(after history: RunHistory) -> EnvironmentRecord {
    guard let first = history.workers.first else { return self }
    var record = self
    if first.host != host {
      (record.cpu, record.system) = ("unknown", "unknown")
      (record.cores, record.memory) = (0, 0)
    }
    (record.host, record.threads, record.instructionSet) = (first.host, first.threads, first.instructionSet)
    (record.programVersion, record.numericsVersion) = (first.programVersion, first.numericsVersion)
    record.startTime = history.firstTime ?? startTime
    record.source = nil
    return record
  }

  /// This machine, now.
  package static func current(
    programVersion: String, numericsVersion: NumericsVersion? = nil, source: SourceState? = nil, engine: String? = nil,
    instructionSet: String, threads: Int, commandLine: [String]
  ) -> EnvironmentRecord {
    let machine = MachineDescription.current()
    return EnvironmentRecord(
      host: machine.host, cpu: machine.cpu, cores: machine.cores, memory: machine.memory, system: machine.system,
      programVersion: programVersion, numericsVersion: numericsVersion, source: source, engine: engine,
      instructionSet: instructionSet, threads: threads, startTime: Date(), commandLine: commandLine)
  }
}
