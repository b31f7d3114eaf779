import Foundation
import System

/// Who holds a run's lock, as that process wrote it.
package struct LockHolder: Codable, Equatable, Sendable, CustomStringConvertible {
  package var host: String
  package var pid: Int

  package init(host: String, pid: Int) { (self.host, self.pid) = (host, pid) }

  /// This process.
  package static var current: LockHolder { LockHolder(host: Machine.hostName, pid: Int(getpid())) }

  package var description: String { "process \(pid) on \(host)" }
}
