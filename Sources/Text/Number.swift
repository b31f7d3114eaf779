import Foundation

extension Double {
  /// With so many decimals, in no locale; a negative number that rounds to zero is zero.
  package func fixed(_ decimals: Int) -> String {
    if let text = counted(decimals) { return text }
    let text = printed(decimals)
    let isZero = text.first == UInt8(ascii: "-") && !text.contains { (0x31...0x39).contains($0) }
    return String(decoding: isZero ? text.dropFirst() : text[...], as: UTF8.self)
  }

  /// With so many decimals, none for a whole number; with all it has where they are more, as no such number is 0.00.
  package func shown(_ decimals: Int) -> String {
    if self == rounded() { return fixed(0) }
    let text = fixed(decimals)
    return Double(text) == self ? text : "\(self)"
  }

  /// To three digits, whole from a thousand on: a length or a share as people read it.
  package var threeDigits: String { magnitude < 999.5 ? significant(3) : fixed(0) }

  /// With so many significant digits, as short as possible.
  package func significant(_ digits: Int) -> String { String(format: "%.*g", digits, self) }

  /// The same by whole numbers, in a tenth of the time; nil for what is too large or has too many decimals.
  ///
  /// The product's rest is known exactly, so the nearest whole number is that of the exact product, and of two equally near
  /// ones the even, as C has it.
  private func counted(_ decimals: Int) -> String? {
    guard (0..<Self.scales.count).contains(decimals), magnitude < 1e6 else { return nil }
    let scale = Self.scales[decimals]
    let product = magnitude * scale
    let rest = (-product).addingProduct(magnitude, scale)
    var whole = product.rounded(.toNearestOrEven)
    if product - whole == 0.5, rest > 0 { whole += 1 }
    if product - whole == -0.5, rest < 0 { whole -= 1 }
    var (left, places) = (UInt64(whole), decimals)
    let isNegative = sign == .minus && left > 0
    return String(unsafeUninitializedCapacity: 24) { room in
      // From the last digit to the first, at the end of the room, and then to its begin.
      var first = room.count
      func put(_ byte: UInt8) {
        first -= 1
        room[first] = byte
      }
      repeat {
        put(0x30 + UInt8(left % 10))
        (left, places) = (left / 10, places - 1)
        if places == 0 { put(UInt8(ascii: ".")) }
      } while left > 0 || places >= 0
      if isNegative { put(UInt8(ascii: "-")) }
      let count = room.count - first
      for place in 0..<count { room[place] = room[first + place] }
      return count
    }
  }

  /// Below 1e6 the largest product has 12 digits, less than the 15 that a double holds whole.
  private static let scales = [1.0, 10, 100, 1000, 10_000, 100_000, 1_000_000]

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
