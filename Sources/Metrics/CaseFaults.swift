/// What is wrong with a case's label map apart from how well its structures are drawn.
package struct CaseFaults: Sendable, Equatable {
  /// Structures, from 0, of the truth of which nothing is predicted.
  package let missed: [Int]
  /// Structures, from 0, that are predicted where the truth has none.
  package let invented: [Int]
  /// How all level names are off; nil where they are right, or there are none.
  package let names: Misnaming?
  /// Mean Dice with the names moved to where they belong; nil where they are right, or where nothing counts.
  package let diceOnceMoved: Double?

  package enum Misnaming: Equatable, Sendable {
    /// As `LevelScores.shift`.
    case shifted(Int)
    case reversed
  }

  /// - Parameter spine: which of the structures are levels.
  package init(_ scores: CaseEvaluation, spine: SpineLevels) {
    missed = scores.missedStructures
    invented = scores.truthVoxels.indices.filter { scores.truthVoxels[$0] == 0 && scores.predictedVoxels[$0] > 0 }
    let levels = scores.levels(of: spine)
    names = levels?.misnaming
    switch names {
    case .reversed: diceOnceMoved = mean(ofCounted: levels?.diceReversed ?? [])
    case .shifted: diceOnceMoved = mean(ofCounted: levels?.diceAfterShift ?? [])
    case nil: diceOnceMoved = nil
    }
  }

  /// "2 too far towards the head", "in the reverse order"; nil where the names are right.
  package var nameWords: String? {
    switch names {
    case .shifted(let shift): "\(abs(shift)) too far towards the \(LevelScores.end(of: shift))"
    case .reversed: "in the reverse order"
    case nil: nil
    }
  }
}

extension LevelScores {
  /// How the names are off; nil where they are right, or no predicted level touches a true one.
  package var misnaming: CaseFaults.Misnaming? {
    diceReversed != nil ? .reversed : shift.flatMap { $0 == 0 ? nil : .shifted($0) }
  }

  /// Towards which end names lie that must be moved by so many places towards the foot.
  package static func end(of shift: Int) -> String { shift > 0 ? "head" : "foot" }
}
