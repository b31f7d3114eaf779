/// Figures for people: three significant digits and a unit; no locale.
package enum Quantity {
  package static func bytes(_ bytes: Int) -> String { scaled(Double(bytes), 1024, ["B", "KiB", "MiB", "GiB", "TiB"]) }

  package static func count(_ count: Int) -> String { scaled(Double(count), 1000, ["", "k", "M", "G", "T"]) }

  package static func seconds(_ seconds: Double) -> String {
    seconds < 1 ? rounded(seconds * 1000) + " ms" : grouped(seconds, decimals: seconds < 10 ? 2 : 0) + " s"
  }

  /// As people say them, two units at most: "42 s", "3 min 20 s", "2 h 05 min", "1 d 4 h".
  package static func duration(_ seconds: Double) -> String {
    guard seconds >= 0, seconds < 1e15 else { return "unknown" }
    guard seconds >= 9.95 else { return "\((seconds * 10).rounded() / 10) s" }
    let whole = Int(seconds.rounded())
    let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60)
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(minutes) min \(twoDigits(whole % 60)) s"
    case ..<86_400: return "\(hours) h \(twoDigits(minutes)) min"
    default: return "\(days) d \(hours) h"
    }
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// "1 case", "2 cases": with an s where there is not one.
  package static func of(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// `6,780,000`
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
    return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  private static func grouped(_ number: Double, decimals: Int) -> String {
    decimals == 0 ? grouped(Int(number.rounded())) : number.fixed(decimals)
  }

  /// Three significant digits.
  package static func rounded(_ number: Double) -> String {
    number.fixed(number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2)
  }

  private static func scaled(_ number: Double, _ base: Double, _ units: [String]) -> String {
    var (value, index) = (number, 0)
    while value >= base, index + 1 < units.count { (value, index) = (value / base, index + 1) }
    let unit = units[index].isEmpty ? "" : " " + units[index]
    return (index == 0 ? "\(Int(value))" : rounded(value)) + unit
  }
}
