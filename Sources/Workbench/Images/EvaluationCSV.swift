import Foundation
import Reporting
import System
import Text
import Volumes

/// The scores of cases in long form, as in a report's `cases.csv`: one row for each case, structure and metric, every number
/// in full. What is not defined is empty.
package enum EvaluationCSV {
  private static let head = ["case", "structure", "metric", "unit", "value", "truth_voxels", "predicted_voxels"]

  package static func text(_ cases: [FolderEvaluation.Case]) -> String {
    ([head] + cases.flatMap(rows)).map { $0.map(CSV.escaped).joined(separator: ",") + "\n" }.joined()
  }

  /// - Throws: `UsageError` where a file of that name is none that was written here, or is a folder, or has none to be in.
  package static func check(_ file: String) throws {
    let place = URL(fileURLWithPath: file)
    if VolumeList.isFolder(place) { throw ImageUsageError.csvIsFolder(folder: file) }
    try OutputPlace.requireFile(file, at: place)
    guard access(file, F_OK) == 0 else { return }
    let start = Data((head.joined(separator: ",") + "\n").utf8)
    let found = try? RegularFile.read(URL(fileURLWithPath: file), limit: 1 << 30)
    guard found?.starts(with: start) == true else { throw UsageError.outputExists(file: file) }
  }

  package static func write(_ cases: [FolderEvaluation.Case], to file: String) throws {
    try AtomicFile.write(Data(text(cases).utf8), to: URL(fileURLWithPath: file))
  }

  private static func rows(_ one: FolderEvaluation.Case) -> [[String]] {
    let scores = one.scores
    let measures = CaseMeasure.scores(tolerances: scores.elements?.tolerances ?? []) + CaseMeasure.overlaps
    return measures.flatMap { measure in
      let values = measure.values(scores)
      return one.structures.indices.map { index in
        [
          CSV.name(one.name), CSV.name(one.structures[index]), measure.name, measure.unit,
          index < values.count ? values[index].map { "\($0)" } ?? "" : "", "\(scores.truthVoxels[index])",
          "\(scores.predictedVoxels[index])",
        ]
      }
    }
  }
}
