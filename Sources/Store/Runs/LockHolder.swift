import Foundation
import System

/// Who holds a run's lock, as that process wrote it.
package struct LockHolder: Codable, Equatable, Sendable, CustomStringConvertible {
  package var host: String
  package var pid: Int
  /// The process of the sweep that has started it, on the same host; nil where none has, as of a cluster's jobs.
  package var sweep: Int?

  package init(host: String, pid: Int, sweep: Int? = nil) { (self.host, self.pid, self.sweep) = (host, pid, sweep) }

  /// This process.
  package static var current: LockHolder {
    let parent = Int(getppid())
    return LockHolder(host: Machine.hostName, pid: Int(getpid()), sweep: isSweep(parent) ? parent : nil)
  }

  /// Whether a process of this machine is a `safnet run`.
  package static func isSweep(_ process: Int) -> Bool {
    ProcessTable.words(ofProcess: process).dropFirst().first == "run"
  }

  package var isHere: Bool { host == Machine.hostName }

  package var description: String { "process \(pid) on \(host)" }
}
