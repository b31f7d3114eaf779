import Foundation

extension Double {
  /// With so many decimals, in no locale; a negative number that rounds to zero is zero.
  package func fixed(_ decimals: Int) -> String {
    let text = printed(decimals)
    let isZero = text.first == UInt8(ascii: "-") && !text.contains { (0x31...0x39).contains($0) }
    return String(decoding: isZero ? text.dropFirst() : text[...], as: UTF8.self)
  }

  /// With so many significant digits, as short as possible.
  package func significant(_ digits: Int) -> String { String(format: "%.*g", digits, self) }

  /// As C prints it. (`String(format:)` says the same and takes ten times as long: a report has a hundred thousand numbers.)
  private func printed(_ decimals: Int) -> [UInt8] {
    withVaList([Int32(decimals), self]) { arguments in
      // The largest double has 309 digits before the point.
      [UInt8](unsafeUninitializedCapacity: 320 + max(0, decimals)) { buffer, count in
        buffer.withMemoryRebound(to: CChar.self) { text in
          count = Int(vsnprintf(text.baseAddress, text.count, "%.*f", arguments))
        }
      }
    }
  }

  /// 0.6210 as "62.10 %".
  package var percent: String { (self * 100).fixed(2) + " %" }
}
