import Crypto
import Foundation
import Reporting
import System

/// Bytes with their type and a tag that is the same as long as they are.
package struct Document: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case html = "text/html; charset=utf-8"
    case css = "text/css; charset=utf-8"
    case script = "text/javascript; charset=utf-8"
    case json = "application/json"
    case text = "text/plain; charset=utf-8"
    case csv = "text/csv; charset=utf-8"
    case image = "image/svg+xml"
    case png = "image/png"
  }

  package let kind: Kind
  package let body: Data
  /// With its quotes.
  package let tag: String
  /// Of its compressed form, which is other bytes.
  package var compressedTag: String { tag.dropLast() + "-gzip\"" }

  package init(_ kind: Kind, _ body: Data) {
    (self.kind, self.body) = (kind, body)
    tag = "\"\(SHA256.hash(data: body).hex.prefix(32))\""
  }

  package init(json value: some Encodable) throws { self.init(.json, try PageJSON.encoder.encode(value)) }

  /// By which tag a browser's `If-None-Match` names it, in either form; nil where it does not.
  package func tagNamed(in field: String) -> String? {
    let names = field.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    if names == ["*"] { return tag }
    let known = names.map { $0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0 }
    return [tag, compressedTag].first(where: known.contains)
  }

  /// Nil where it is not worth it.
  package var compressed: Data? {
    guard body.count >= Self.least, kind != .png else { return nil }
    return Gzip.compress(body).flatMap { $0.count < body.count ? $0 : nil }
  }

  private static let least = 1_024
}
