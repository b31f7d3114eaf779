import Foundation
import Metrics
import Text

/// One evaluation as aligned lines.
package enum EvaluationTable {
  package static func lines(_ evaluation: CaseEvaluation, structures: [String]) -> [String] {
    let head = ["structure", "Dice", "MSD mm", "HD95 mm", "voxels", "predicted"]
    let rows = structures.indices.map { index in
      [
        structures[index], evaluation.dice[index].map(\.percent) ?? "not counted",
        millimetres(evaluation.surfaceDistance[index]), millimetres(evaluation.hausdorff95[index]),
        "\(evaluation.truthVoxels[index])", "\(evaluation.predictedVoxels[index])",
      ]
    }
    let mean = evaluation.meanDice.map(\.percent) ?? "no structure counts"
    return AlignedTable.lines([head] + rows) + ["mean Dice \(mean)"]
  }

  private static func millimetres(_ value: Double?) -> String { value.map { $0.fixed(2) } ?? "" }
}
