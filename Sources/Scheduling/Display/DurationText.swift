/// Durations as people say them, two units at most: "42 s", "3 min 20 s", "2 h 05 min", "1 d 4 h".
package func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0 else { return "unknown" }
  guard seconds >= 9.95 else { return "\((seconds * 10).rounded() / 10) s" }
  let whole = Int(seconds.rounded())
  let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60)
  switch whole {
  case ..<60: return "\(whole) s"
  case ..<3600: return "\(minutes) min \(padded(whole % 60)) s"
  case ..<86_400: return "\(hours) h \(padded(minutes)) min"
  default: return "\(days) d \(hours) h"
  }
}

private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
