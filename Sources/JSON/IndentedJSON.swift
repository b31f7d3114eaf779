import Foundation

/// JSON that people and scripts read: indented, keys sorted, dates as in ISO 8601, shortest round-trip numbers.
///
/// The same value has the same bytes.
package enum IndentedJSON {
  package static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try encoder.encode(value)
  }
}
