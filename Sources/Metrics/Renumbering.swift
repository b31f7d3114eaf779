/// Another meaning of the predictions' numbers with which a whole set of label maps fits its truths much better: whoever made
/// them numbered the structures otherwise, such as from the other end.
///
/// The predicted structure and the true one that have most voxels in common with each other, over all cases, belong
/// together. That is told as a renumbering only where it is one and the same in nearly all cases; single cases whose levels
/// are named wrongly are a network's fault, and `LevelScores` counts them.
package struct Renumbering: Equatable, Sendable {
  /// A case, and which structures of the set, from 0, its own are.
  package typealias Case = (scores: CaseEvaluation, structures: [Int])

  /// For each structure of the set the one under whose number the predictions have it; nil: under none.
  package let sources: [Int?]
  /// Whether these lie in the reverse order.
  package let isReversed: Bool
  /// All cases, and those of them that fit much better so.
  package let cases, fitting: Int
  /// Means over cases of their mean Dice, as the numbers are and with them read so.
  package let diceBefore, diceAfter: Double

  /// Nearly all of the cases that tell must fit, and most must tell.
  private static let (nearlyAll, most) = (0.9, 0.5)
  /// Two cases may be named wrongly in the same way by chance; no network turns an order round.
  private static let (fewest, fewestReversed) = (3, 1)
  /// Of the structures whose number would be another, the mean Dice must become so large, as that of structures which were
  /// surely found, and so many times what it is.
  private static let (found, times) = (0.5, 2.0)

  /// Nil where the numbers mean what the truth's do, as far as the cases tell.
  ///
  /// - Parameters:
  ///   - count: how many structures the set has.
  ///   - spine: which of them are levels.
  package init?(_ cases: [Case], structures count: Int, spine: SpineLevels) {
    let pairing = StructurePairing(cases, count: count, spine: spine)
    let (sources, concerned) = (pairing.sources, pairing.concerned)
    guard pairing.moved >= 2 else { return nil }
    let own: [Int?] = Array(0..<count)
    let telling = cases.compactMap { one -> Bool? in
      let (before, after) = (Self.dice(one, own), Self.dice(one, sources))
      guard one.scores.findsSomething, let new = mean(ofCounted: concerned.map { after[$0] }) else { return nil }
      return new >= Self.found && new >= Self.times * (mean(ofCounted: concerned.map { before[$0] }) ?? 0)
    }
    let told = telling.count
    (self.cases, fitting) = (cases.count, telling.count { $0 })
    guard fitting >= (pairing.isReversed ? Self.fewestReversed : Self.fewest),
      Double(fitting) >= Self.nearlyAll * Double(told), Double(told) >= Self.most * Double(cases.count),
      let before = mean(ofCounted: cases.map { mean(ofCounted: Self.dice($0, own)) }),
      let after = mean(ofCounted: cases.map { mean(ofCounted: Self.dice($0, sources)) })
    else { return nil }
    (self.sources, isReversed, diceBefore, diceAfter) = (sources, pairing.isReversed, before, after)
  }

  /// Of each structure of the set, where the predictions have it under the number of its source; nil where it is in neither.
  private static func dice(_ one: Case, _ sources: [Int?]) -> [Double?] {
    let scores = one.scores
    let places = Dictionary(uniqueKeysWithValues: one.structures.enumerated().map { ($1, $0) })
    return sources.enumerated().map { structure, source in
      let (truth, predicted) = (places[structure], source.flatMap { places[$0] })
      let size = (truth.map { scores.truthVoxels[$0] } ?? 0) + (predicted.map { scores.predictedVoxels[$0] } ?? 0)
      guard size > 0 else { return nil }
      guard let truth, let predicted else { return 0 }
      return 2 * Double(scores.voxels(truth: truth, predicted: predicted)) / Double(size)
    }
  }
}

extension CaseEvaluation {
  /// Voxels of a true structure that were given a structure's number; both from 0.
  func voxels(truth: Int, predicted: Int) -> Int {
    confusion[(truth + 1) * (truthVoxels.count + 1) + predicted + 1]
  }

  /// Whether any structure, whatever it is called, lies on one of the truth.
  fileprivate var findsSomething: Bool {
    truthVoxels.indices.contains { truth in truthVoxels.indices.contains { voxels(truth: truth, predicted: $0) > 0 } }
  }
}
