import Foundation

/// What all programs together have taken of the processors that this process may run on, since the system started.
package struct ProcessorUse: Equatable, Sendable {
  /// Seconds in which they ran something, or another system on the same machine had them.
  package let busy: Double
  /// Seconds that there were: as many as have passed, times processors.
  package let all: Double

  /// Nil where the system does not tell.
  package static var current: ProcessorUse? {
    ProcessorUse(
      stat: SystemText.read("/proc/stat"), allowed: SystemText.read("/proc/self/status"),
      ticks: Double(sysconf(Int32(_SC_CLK_TCK))))
  }

  /// - Parameters:
  ///   - stat: `/proc/stat`, with a line of ticks for each processor.
  ///   - allowed: a process' status, which says what processors it may run on.
  ///   - ticks: in a second.
  package init?(stat: String, allowed status: String, ticks: Double) {
    guard let allowed = Self.numbers(SystemText.value(of: "Cpus_allowed_list", after: ":", in: status)) else {
      return nil
    }
    // user, nice, system, idle, waiting for a disk, interrupts of two kinds, and what another system took; guests are in user.
    let lines = stat.split(separator: "\n").compactMap { line -> [Double]? in
      let words = line.split(separator: " ")
      guard words.count > 8, words[0].hasPrefix("cpu"), let number = Int(words[0].dropFirst(3)),
        allowed.contains(number)
      else { return nil }
      return words[1...8].map { Double($0) ?? 0 }
    }
    guard !lines.isEmpty, ticks > 0 else { return nil }
    all = lines.reduce(0) { $0 + $1.reduce(0, +) } / ticks
    busy = all - lines.reduce(0) { $0 + $1[3] + $1[4] } / ticks
  }

  /// Which share of the processors others took since `earlier`; nil where too little time has passed for the system's clock,
  /// whose ticks are hundredths of a second.
  ///
  /// - Parameter own: seconds of the processors that the caller's own programs took meanwhile.
  package func othersShare(since earlier: ProcessorUse, own: Double) -> Double? {
    let passed = all - earlier.all
    return passed < 0.5 ? nil : min(1, max(0, (busy - earlier.busy - own) / passed))
  }

  /// `0-2,5`.
  private static func numbers(_ list: String?) -> Set<Int>? {
    guard let list else { return nil }
    let spans = list.split(separator: ",").map { $0.split(separator: "-").compactMap { Int($0) } }
    guard !spans.isEmpty, spans.allSatisfy({ (1...2).contains($0.count) && $0[0] <= $0[$0.count - 1] }) else {
      return nil
    }
    return Set(spans.flatMap { Array($0[0]...$0[$0.count - 1]) })
  }
}
