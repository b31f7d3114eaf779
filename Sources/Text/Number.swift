import Foundation

extension Double {
  /// With so many decimals, in no locale; a negative number that rounds to zero is zero.
  package func fixed(_ decimals: Int) -> String {
    let text = String(format: "%.*f", decimals, self)
    return text.hasPrefix("-") && !text.contains(where: { "123456789".contains($0) }) ? String(text.dropFirst()) : text
  }

  /// With so many significant digits, as short as possible.
  package func significant(_ digits: Int) -> String { String(format: "%.*g", digits, self) }

  /// 0.6210 as "62.10 %".
  package var percent: String { (self * 100).fixed(2) + " %" }
}
