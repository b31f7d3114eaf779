import Foundation
import Metrics
import Text

/// One evaluation as aligned lines.
package enum EvaluationTable {
  package static func lines(_ evaluation: CaseEvaluation, structures: [String]) -> [String] {
    let elements = evaluation.elements
    let head =
      ["structure", "Dice", "precision", "recall", "MSD mm", "HD95 mm"]
      + (elements == nil ? [] : ["ASSD mm", "HD95 larger mm"])
      + (elements?.tolerances ?? []).map { "NSD \($0.shown(2)) mm" } + ["voxels", "predicted"]
    let rows = structures.indices.map { index in
      [
        structures[index], evaluation.dice[index].map(\.percent) ?? "not counted",
        share(evaluation.precision[index]), share(evaluation.recall[index]),
        millimetres(evaluation.surfaceDistance[index]), millimetres(evaluation.hausdorff95[index]),
      ] + (elements.map { [millimetres($0.average[index]), millimetres($0.hausdorff95[index])] } ?? [])
        + (elements?.normalizedDice ?? []).map { share($0[index]) }
        + ["\(evaluation.truthVoxels[index])", "\(evaluation.predictedVoxels[index])"]
    }
    return AlignedTable.lines([head] + rows) + summary(evaluation, structures)
  }

  private static func summary(_ evaluation: CaseEvaluation, _ structures: [String]) -> [String] {
    let objects = evaluation.instances
    var lines = ["mean Dice \(evaluation.meanDice.map(\.percent) ?? "no structure counts")"]
    if let quality = objects.panopticQuality, let recognition = objects.recognitionQuality {
      lines.append(
        "PQ \(quality.percent), RQ \(recognition.percent), SQ \(objects.segmentationQuality.map(\.percent) ?? "-"):"
          + " \(objects.matched) of \(Quantity.of(objects.truth, "structure")) matched, whatever they are called")
    }
    guard let levels = evaluation.levels(of: SpineLevels(names: structures)), levels.levels > 0 else { return lines }
    lines.append("\(levels.identified) of \(Quantity.of(levels.levels, "level")) identified")
    let faults = CaseFaults(evaluation, spine: SpineLevels(names: structures))
    if let words = faults.nameWords {
      let dice = faults.diceOnceMoved.map(\.percent) ?? "not counted"
      lines.append("names are \(words); with them moved, mean Dice \(dice)")
    }
    return lines
  }

  private static func share(_ value: Double?) -> String { value.map(\.percent) ?? "" }

  private static func millimetres(_ value: Double?) -> String { value.map { $0.fixed(2) } ?? "" }
}
