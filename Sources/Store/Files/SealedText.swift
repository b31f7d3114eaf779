import Foundation
import System

/// A JSON object whose last member is the CRC-32 of everything before it: `{"a":1` + `,"crc32":"0123abcd"}`.
///
/// Any program reads it as plain JSON; a reader that knows the rule finds every flipped bit, because the seal has
/// exactly one valid spelling.
enum SealedText {
  private static let opening = Array(#","crc32":""#.utf8)
  private static let closing = Array(#""}"#.utf8)
  /// Bytes of `,"crc32":"0123abcd"}`.
  static let sealLength = opening.count + 8 + closing.count

  /// Replaces the closing brace of `object` by the seal.
  static func seal(_ object: Data) -> Data {
    precondition(object.last == UInt8(ascii: "}"), "only a JSON object can be sealed")
    let body = object.dropLast()
    return body + opening + Array(CRC32.of(body).hexadecimal.utf8) + closing
  }

  /// Whether `text` is exactly one sealed object.
  static func isIntact(_ text: some BidirectionalCollection<UInt8>) -> Bool {
    guard let body = body(of: text) else { return false }
    let seal = opening + Array(CRC32.of(body).hexadecimal.utf8) + closing
    return text.suffix(sealLength).elementsEqual(seal)
  }

  /// Whether `text` begins with a whole sealed object: then what follows was not left by a torn write.
  static func beginsIntact(_ text: Data) -> Bool {
    var start = text.startIndex
    while let found = text[start...].firstRange(of: opening) {
      let end = found.upperBound + 8 + closing.count
      if end <= text.endIndex, isIntact(text[text.startIndex..<end]) { return true }
      start = found.upperBound
    }
    return false
  }

  private static func body<Text: BidirectionalCollection<UInt8>>(of text: Text) -> Text.SubSequence? {
    guard let end = text.index(text.endIndex, offsetBy: -sealLength, limitedBy: text.startIndex) else { return nil }
    return text[..<end]
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a text stands somewhere in it. (The library's own search takes a hundred times as long.)
  func holds(_ text: [UInt8]) -> Bool {
    guard let base = baseAddress, count >= text.count else { return false }
    return (0...(count - text.count)).contains { start in
      base[start] == text[0] && memcmp(base + start, text, text.count) == 0
    }
  }
}
