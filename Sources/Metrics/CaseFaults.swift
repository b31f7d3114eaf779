/// What is wrong with a case's label map apart from how well its structures are drawn.
package struct CaseFaults: Sendable, Equatable {
  /// Structures, from 0, of the truth of which nothing is predicted.
  package let missed: [Int]
  /// Structures, from 0, that are predicted where the truth has none.
  package let invented: [Int]
  /// By how many places all level names are off, as `LevelScores.shift`; nil where they are right, or there are none.
  package let shift: Int?
  /// Mean Dice with the names moved back; nil without a shift, or where nothing counts.
  package let diceAfterShift: Double?

  /// - Parameter spine: which of the structures are levels.
  package init(_ scores: CaseEvaluation, spine: SpineLevels) {
    missed = scores.missedStructures
    invented = scores.truthVoxels.indices.filter { scores.truthVoxels[$0] == 0 && scores.predictedVoxels[$0] > 0 }
    let levels = scores.levels(of: spine)
    shift = levels?.shift.flatMap { $0 == 0 ? nil : $0 }
    diceAfterShift = shift == nil ? nil : mean(ofCounted: levels?.diceAfterShift ?? [])
  }

  /// "2 too far towards the head"; nil without a shift.
  package var shiftWords: String? { shift.map { "\(abs($0)) too far towards the \(LevelScores.end(of: $0))" } }
}

extension LevelScores {
  /// Towards which end names lie that must be moved by so many places towards the foot.
  package static func end(of shift: Int) -> String { shift > 0 ? "head" : "foot" }
}
