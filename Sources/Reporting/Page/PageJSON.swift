import Foundation
import Text

/// JSON for the page, from a server or in a file.
package enum PageJSON {
  /// Sorted keys: the same value has the same bytes.
  package static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  /// As it may stand in a page: nothing in it is markup, and nothing acts on what shows it. The value is the same.
  static func embedded(_ value: some Encodable) -> String {
    // Strings and numbers only, which cannot fail.
    let text = String(decoding: try! encoder.encode(value), as: UTF8.self)
      .replacingScalars(["<": "\\u003c", ">": "\\u003e", "&": "\\u0026"])
    guard !text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }), text.unicodeScalars.contains(where: \.acts) else { return text }
    var harmless = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar.acts { harmless.append(contentsOf: scalar.jsonEscape.unicodeScalars) } else { harmless.append(scalar) }
    }
    return String(harmless)
  }
}
