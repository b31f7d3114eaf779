/// A time limit as Slurm writes it.
package struct SlurmTime: Equatable, Sendable {
  package var seconds: Int

  package init(seconds: Int) { self.seconds = seconds }

  /// `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`, `days-hours:minutes` or
  /// `days-hours:minutes:seconds`; nil for anything else, and for no time at all.
  package init?(_ text: String) {
    let halves = text.split(separator: "-", omittingEmptySubsequences: false)
    let parts = (halves.last ?? "").split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = parts.compactMap { $0 }
    guard halves.count <= 2, numbers.count == parts.count, numbers.allSatisfy({ (0...100_000).contains($0) }) else {
      return nil
    }
    if halves.count == 2 {
      guard let days = Int(halves[0]), (0...10_000).contains(days), (1...3).contains(numbers.count) else { return nil }
      let padded = numbers + Array(repeating: 0, count: 3 - numbers.count)
      seconds = days * 86_400 + padded[0] * 3600 + padded[1] * 60 + padded[2]
    } else {
      switch numbers.count {
      case 1: seconds = numbers[0] * 60
      case 2: seconds = numbers[0] * 60 + numbers[1]
      case 3: seconds = numbers[0] * 3600 + numbers[1] * 60 + numbers[2]
      default: return nil
      }
    }
    if seconds == 0 { return nil }
  }

  /// `1-12:00:00`
  package var text: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(two).joined(separator: ":")
    return seconds < 86_400 ? clock : "\(seconds / 86_400)-\(clock)"
  }
}
