import Foundation
import Volumes

/// Of which image `safnet predict` made a label map, as the map's own header says: it stays with a map that is renamed or
/// copied away from its record.
struct LabelMapSource: Equatable {
  /// The case that the image was called after.
  let image: String

  private static let program = "safnet predict"
  private static let start = program + ": image "

  init(image: String) { self.image = image }

  /// Nil of a file that says nothing of it, or that is none.
  init?(of file: URL) {
    guard let words = try? NIfTI.description(of: file), words.hasPrefix(Self.start) else { return nil }
    image = String(words.dropFirst(Self.start.count))
  }

  /// Whether a file's header says that `safnet predict` made it.
  static func isNamed(in file: URL) -> Bool {
    (try? NIfTI.description(of: file))?.hasPrefix(program) == true
  }

  /// What the header says. A name that has no room there is left out, not cut: half of it may be another's.
  var description: String {
    let whole = Self.start + image
    return whole.utf8.count > NIfTI.longestDescription ? Self.program : whole
  }
}
