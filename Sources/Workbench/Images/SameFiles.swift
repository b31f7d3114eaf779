import Foundation
import Metrics
import System
import Volumes

/// Whether prediction and truth are one and the same: such scores are perfect, and say nothing.
struct SameFiles {
  /// What must be said; nil where nothing is.
  let words: String?

  static let copyWords =
    "every prediction equals its truth voxel by voxel: is one a copy of the other? The predictions come first, then the truth"

  init(_ prediction: String, _ truth: String) {
    words =
      Self.areOne(URL(fileURLWithPath: prediction), URL(fileURLWithPath: truth))
      ? "prediction and truth are the same file: perfect scores say nothing. The prediction comes first, then the truth"
      : nil
  }

  init(_ predictions: String, _ truths: String, _ pairs: CasePairs) {
    let same = pairs.pairs.filter { Self.areOne($0.prediction, $0.truth) }
    if Self.areOne(URL(fileURLWithPath: predictions), URL(fileURLWithPath: truths)) {
      words =
        "predictions and truths are the same folder: perfect scores say nothing. The predictions come first, then the truths"
    } else {
      words =
        same.isEmpty
        ? nil
        : "of \(same.count) of \(pairs.pairs.count) cases prediction and truth are the same file"
          + " (\(DatasetNotice.shortList(same.map(\.name)))): their scores say nothing"
    }
  }

  /// By what the paths lead to, through links of both kinds.
  static func areOne(_ one: URL, _ other: URL) -> Bool { RegularFile.areOne(one, other) }
}

extension CaseEvaluation {
  /// Whether something counts, and all of it is right to the voxel.
  var isPerfect: Bool {
    let counted = dice.compactMap(\.self)
    return !counted.isEmpty && counted.allSatisfy { $0 == 1 }
  }
}
