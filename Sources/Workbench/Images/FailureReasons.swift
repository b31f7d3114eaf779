import Metrics
import Text

/// Why a case is among the failures, in words.
enum FailureReasons {
  /// A structure drawn worse than this has failed.
  static let worstDice = 0.5

  /// - Parameter cut: the structures that the image's edge cuts off: the truth itself is not whole there.
  static func of(_ scores: CaseEvaluation, structures: [String], cut: [Int]) -> [String] {
    if scores.truthVoxels.contains(where: { $0 > 0 }), !scores.predictedVoxels.contains(where: { $0 > 0 }) {
      return ["nothing found"]
    }
    func name(_ index: Int) -> String { structures[index] + (cut.contains(index) ? " (cut by the image's edge)" : "") }
    var reasons: [String] = []
    let faults = CaseFaults(scores, spine: SpineLevels(names: structures))
    if let words = faults.nameWords {
      reasons.append(
        "names \(words)" + (faults.diceOnceMoved.map { ", mean Dice \($0.percent) with them moved" } ?? ""))
    }
    if !faults.missed.isEmpty { reasons.append("missed: \(faults.missed.map(name).joined(separator: ", "))") }
    if !faults.invented.isEmpty {
      let words = faults.invented.map { "\(structures[$0]) (\(Quantity.of(scores.predictedVoxels[$0], "voxel")))" }
      reasons.append("found where there is none: \(words.joined(separator: ", "))")
    }
    // Where names are off, every level is drawn wrongly.
    guard faults.names == nil else { return reasons }
    let poor = structures.indices.filter {
      scores.truthVoxels[$0] > 0 && scores.predictedVoxels[$0] > 0 && (scores.dice[$0] ?? 1) < worstDice
    }
    if !poor.isEmpty {
      let words = poor.map { "\(name($0)) \((scores.dice[$0] ?? 0).percent)" }
      reasons.append("Dice below \(Int(worstDice * 100)) %: \(words.joined(separator: ", "))")
    }
    return reasons
  }
}
