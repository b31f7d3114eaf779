import Foundation
import System

/// How long nothing was heard of the worker that holds a run: longer than it has ever been silent at its work.
package struct WorkerSilence: Codable, Equatable, Sendable {
  package var seconds: Double
  package var holder: LockHolder?
  /// Whether the process is of this machine and stopped (Ctrl-Z, SIGSTOP, a debugger).
  package var isStopped: Bool

  package init(seconds: Double, holder: LockHolder?, isStopped: Bool) {
    (self.seconds, self.holder, self.isStopped) = (seconds, holder, isStopped)
  }
}

extension RunDirectory {
  /// Nil where nobody holds the run, or its worker was heard of not long ago.
  ///
  /// A worker shows itself after every step and every tested case; between them lies the validation of an epoch at most. So
  /// it is silent when nothing came for twice the longest epoch so far. Before the first has ended, nothing of this is known.
  package func silence(now: Date = Date()) -> WorkerSilence? {
    guard let probe = try? RunLock.probe(self), probe.isHeld, let touched = probe.heartbeat else { return nil }
    let last = max(touched, Heartbeat.read(in: url)?.written ?? touched)
    let seconds = now.timeIntervalSince(last)
    let isStopped = probe.holder?.isStoppedHere ?? false
    // What is stopped will say nothing, however short ago it did.
    guard isStopped || (seconds > Self.leastSilence && seconds > usualSilence) else { return nil }
    return WorkerSilence(seconds: seconds, holder: probe.holder, isStopped: isStopped)
  }

  private var usualSilence: Double {
    guard let longest = (try? history())?.epochs.map(\.seconds).max() else { return Self.unknownSilence }
    return max(Self.shortSilence, 2 * longest)
  }

  /// Seconds: of every process; of one whose epochs are short; of one that has finished none.
  private static let (leastSilence, shortSilence, unknownSilence) = (10.0, 120.0, 600.0)
}

extension LockHolder {
  /// Whether it is a process of this machine that the system has stopped.
  package var isStoppedHere: Bool { status("State:").map { $0.contains("T (") || $0.contains("t (") } ?? false }

  /// The process that has started it, where it is of this machine and still there: of a worker, its sweep.
  package var parentHere: Int? {
    status("PPid:")?.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }
  }

  /// Whether a process of this machine was stopped, as Ctrl-Z does.
  package static func isStopped(_ process: Int) -> Bool {
    LockHolder(host: Machine.hostName, pid: process).isStoppedHere
  }

  /// A line of what the system says of a process of this machine.
  private func status(_ field: String) -> Substring? {
    guard isHere, pid > 0 else { return nil }
    let number = open("/proc/\(pid)/status", O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    defer { close(number) }
    // The system says no length of it; what is looked for stands in the first lines.
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = max(0, read(number, &bytes, bytes.count))
    return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(field) }
  }
}
