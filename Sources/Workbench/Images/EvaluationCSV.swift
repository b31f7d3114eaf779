import Foundation
import Metrics
import System
import Text

/// The scores of cases in long form: one row for each case, structure and metric, every number in full. What is not
/// defined is empty.
package enum EvaluationCSV {
  private static let head = ["case", "structure", "metric", "value", "truth_voxels", "predicted_voxels"]

  package static func text(_ cases: [FolderEvaluation.Case]) -> String {
    ([head] + cases.flatMap(rows)).map { $0.map(CSV.escaped).joined(separator: ",") + "\n" }.joined()
  }

  package static func write(_ cases: [FolderEvaluation.Case], to file: String) throws {
    try AtomicFile.write(Data(text(cases).utf8), to: URL(fileURLWithPath: file))
  }

  private static func rows(_ one: FolderEvaluation.Case) -> [[String]] {
    let scores = one.scores
    return metrics(of: scores).flatMap { metric, values in
      one.structures.indices.map { index in
        [
          CSV.name(one.name), CSV.name(one.structures[index]), metric,
          index < values.count ? values[index].map { "\($0)" } ?? "" : "", "\(scores.truthVoxels[index])",
          "\(scores.predictedVoxels[index])",
        ]
      }
    }
  }

  private static func metrics(of scores: CaseEvaluation) -> [(name: String, values: [Double?])] {
    let elements = scores.elements
    let surfaces: [(name: String, values: [Double?])] =
      elements.map {
        [("assd_mm", $0.average), ("hd95_larger_mm", $0.hausdorff95), ("hd_mm", $0.hausdorff)]
          + zip($0.tolerances, $0.normalizedDice).map { ("nsd_\($0.significant(6))_mm", $1) }
      } ?? []
    return [
      ("dice", scores.dice), ("iou", scores.intersectionOverUnion), ("precision", scores.precision),
      ("recall", scores.recall), ("volume_error", scores.volumeError), ("msd_mm", scores.surfaceDistance),
      ("hd95_mm", scores.hausdorff95),
    ] + surfaces
  }
}
