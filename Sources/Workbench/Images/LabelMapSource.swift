import Foundation
import Volumes

/// Of which image `safnet predict` made a label map, as the map's own header says: it stays with a map that is renamed or
/// copied away from its record.
struct LabelMapSource: Equatable {
  /// The case that the image was called after.
  let image: String

  private static let start = "safnet predict: image "

  init(image: String) { self.image = image }

  /// Nil of a file that says nothing of it, or that is none.
  init?(of file: URL) {
    guard let words = try? NIfTI.description(of: file), words.hasPrefix(Self.start) else { return nil }
    image = String(words.dropFirst(Self.start.count))
  }

  /// What the header says. A name that has no room there is not cut: half of it may be another's.
  var description: String { Self.start + image }
}
