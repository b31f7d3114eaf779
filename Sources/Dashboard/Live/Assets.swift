import Foundation
import Page

/// The page's files as they are sent: the only ones there are.
enum Assets {
  static let all: [String: Document] = Dictionary(
    uniqueKeysWithValues: PageFiles.all.map { address, content in (address, Document(kind(of: address), content)) })

  private static func kind(of address: String) -> Document.Kind {
    if address.hasSuffix(".js") { return .script }
    if address.hasSuffix(".css") { return .css }
    return address == "/" ? .html : .image
  }
}
