import Foundation
import NIOHTTP1

/// What is sent back.
package struct Response: Sendable {
  package var status: HTTPResponseStatus
  package var document: Document
  /// Besides those of every answer.
  package var headers: [(String, String)] = []

  package init(_ document: Document, status: HTTPResponseStatus = .ok) {
    (self.document, self.status) = (document, status)
  }

  /// A sentence that says what to do.
  package static func refusal(_ status: HTTPResponseStatus, _ words: String) -> Response {
    Response(Document(.text, Data((words + "\n").utf8)), status: status)
  }

  /// Kept by a browser as a file of this name, which is ours.
  package func saved(as name: String) -> Response {
    var response = self
    response.headers.append(("Content-Disposition", "attachment; filename=\"\(name)\""))
    return response
  }

  /// Of every answer: the page takes nothing from elsewhere, stands in no frame, and nobody guesses a type.
  package static let safety = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "private, no-cache"),
  ]
}
