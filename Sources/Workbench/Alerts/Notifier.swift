import Foundation
import Synchronization
import System

/// Hands alerts to a command of the user's, one after the other, in a thread of its own: the sweep neither waits for it nor
/// fails with it.
package final class Notifier: Sendable {
  private let command: String
  private let limit: Double
  private let say: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "notify")
  private let state = Mutex(State())

  private struct State {
    var pending = 0
    var dropped = 0
    var hasComplained = false
    var isClosed = false
  }

  /// Alerts that may wait for their turn. Of a sweep whose command hangs, the others are left out.
  private static let most = 100

  /// - Parameters:
  ///   - command: for `/bin/sh -c`.
  ///   - limit: seconds after which it is killed, with what it has started.
  ///   - say: told once, when the command has failed for the first time.
  package init(command: String, limit: Double = 30, say: @escaping @Sendable (String) -> Void) {
    (self.command, self.limit, self.say) = (command, limit, say)
  }

  /// The program that a command begins with, where it cannot be called: that is better known before a sweep than after its first
  /// run. Nil too where the first word is not simply a program's name.
  package static func missingProgram(of command: String) -> String? {
    guard let first = command.split(whereSeparator: \.isWhitespace).first.map(String.init),
      first.wholeMatch(of: /[A-Za-z0-9_.+@:,\/-]+/) != nil
    else { return nil }
    if first.contains("/") {
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: first, isDirectory: &isFolder)
      return isThere && !isFolder.boolValue && access(first, X_OK) == 0 ? nil : first
    }
    // The shell has commands of its own.
    let end = try? ChildProcess.hand("", to: "/bin/sh", ["-c", "command -v \"$0\"", first], seconds: 5) { true }
    return end == .exited(code: 0) || end == nil ? nil : first
  }

  package func send(_ alert: Alert) {
    let isTaken = state.withLock { state in
      if state.isClosed || state.pending >= Self.most {
        state.dropped += 1
        return false
      }
      state.pending += 1
      return true
    }
    guard isTaken else { return }
    let line = alert.line + "\n"
    queue.async { [self] in
      if !state.withLock({ $0.isClosed }) { call(line) }
      state.withLock { $0.pending -= 1 }
    }
  }

  /// Waits for the alerts that are on their way, and says how many were left out.
  ///
  /// - Parameter patience: seconds; what has not begun by then is left out.
  package func close(patience: Double = 10) {
    let end = ProcessInfo.processInfo.systemUptime + patience
    while state.withLock({ $0.pending }) > 0, ProcessInfo.processInfo.systemUptime < end { usleep(10_000) }
    let left = state.withLock { state in
      state.isClosed = true
      return state.dropped + state.pending
    }
    if left > 0 {
      say("\(left) \(left == 1 ? "alert was" : "alerts were") not handed to the command of --notify: it is too slow")
    }
  }

  private func call(_ line: String) {
    let problem: String?
    do {
      let end = try ChildProcess.hand(line, to: "/bin/sh", ["-c", command], seconds: limit) {
        state.withLock { !$0.isClosed }
      }
      switch end {
      case .exited(code: 0)?: problem = nil
      case .exited(code: 126)?:
        problem = "may not be executed (exit code 126): \(command); make its file executable (chmod +x)"
      case .exited(code: 127)?:
        problem =
          "was not found, or calls what is not there (exit code 127): \(command); give the next `safnet run` one that is in"
          + " PATH, or the path of a file"
      case .exited(let code)?: problem = "ended with exit code \(code)"
      case .killed(let signal)?: problem = "was ended by \(Signals.words(signal))"
      case nil: problem = "took longer than \(Int(limit)) s, or than the sweep, and was killed"
      }
    } catch {
      problem = "\(error)"
    }
    guard let problem else { return }
    let isFirst = state.withLock { state in
      defer { state.hasComplained = true }
      return !state.hasComplained
    }
    if isFirst { say("the command of --notify \(problem); the sweep goes on, and this is not said again") }
  }
}
