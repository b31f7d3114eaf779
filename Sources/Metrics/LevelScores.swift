/// Whether the levels of one case carry the right names, apart from how well they are drawn.
///
/// *Identification rate* (VerSe; Sekuboyina et al. 2021): the share of true levels whose nearest predicted centroid, of
/// the same chain, has the right label and lies within 20 mm. *Level shift*: by how many places all predicted labels
/// must move towards the foot for the most voxels of the true ones to be met; 0 where the names are right. *Dice after
/// the best shift* is the Dice of the moved labels: what is left of the error is drawing.
package struct LevelScores: Sendable, Equatable {
  /// How far a centroid may lie from the truth's and still stand for it, mm.
  package static let reach = 20.0

  /// True levels of the case, and those that are identified.
  package let levels, identified: Int
  /// Places towards the foot that make the predicted names right; nil where no predicted level touches a true one.
  package let shift: Int?
  /// Dice of every structure (class 1 on) with the labels moved by `shift`; nil where it is not counted: in neither map,
  /// or a level whose name the shift moves out of the chain.
  package let diceAfterShift: [Double?]

  /// Are all true levels identified? False where there are none.
  package var allIdentified: Bool { levels > 0 && identified == levels }

  /// - Parameters:
  ///   - truthCentroids, predictedCentroids: in mm, by structure (class 1 on); nil where it is absent.
  package init(
    _ spine: SpineLevels, confusion: [Int], classes: Int, truthCentroids: [SIMD3<Double>?],
    predictedCentroids: [SIMD3<Double>?]
  ) {
    let rows = spine.chains.flatMap { chain in
      chain.compactMap { level in
        truthCentroids[level - 1].map { Self.isIdentified(level, at: $0, among: chain, predictedCentroids) }
      }
    }
    (levels, identified) = (rows.count, rows.count { $0 })
    let counts = Counts(confusion: confusion, classes: classes)
    shift = counts.bestShift(of: spine)
    diceAfterShift = counts.dice(of: spine, movedBy: shift ?? 0)
  }

  private static func isIdentified(
    _ level: Int, at centre: SIMD3<Double>, among chain: [Int], _ predicted: [SIMD3<Double>?]
  ) -> Bool {
    func squared(_ other: Int) -> Double? {
      predicted[other - 1].map { (($0 - centre) * ($0 - centre)).sum() }
    }
    guard let own = squared(level), own <= reach * reach else { return false }
    return chain.allSatisfy { other in other == level || (squared(other) ?? .infinity) > own }
  }
}

extension LevelScores {
  /// Voxels by true and predicted class.
  private struct Counts {
    let confusion: [Int]
    let classes: Int

    private func truth(_ t: Int) -> Int { (0..<classes).reduce(0) { $0 + confusion[t * classes + $1] } }
    private func predicted(_ p: Int) -> Int { (0..<classes).reduce(0) { $0 + confusion[$1 * classes + p] } }

    /// The shift that makes most voxels right; of equal ones the smallest, towards the foot before towards the head.
    func bestShift(of spine: SpineLevels) -> Int? {
      let longest = spine.chains.map(\.count).max() ?? 0
      let shifts = (0..<longest).flatMap { $0 == 0 ? [0] : [$0, -$0] }
      var best: (shift: Int, right: Int)?
      for shift in shifts {
        let right = spine.chains.reduce(0) { $0 + matched($1, movedBy: shift) }
        if right > best?.right ?? 0 { best = (shift, right) }
      }
      return best?.shift
    }

    private func matched(_ chain: [Int], movedBy shift: Int) -> Int {
      chain.indices.reduce(0) { sum, place in
        chain.indices.contains(place - shift) ? sum + confusion[chain[place] * classes + chain[place - shift]] : sum
      }
    }

    func dice(of spine: SpineLevels, movedBy shift: Int) -> [Double?] {
      // The class that is read as each class after the move; nil where the chain has none.
      var source: [Int?] = Array(0..<classes)
      for chain in spine.chains {
        for place in chain.indices {
          source[chain[place]] = chain.indices.contains(place - shift) ? chain[place - shift] : nil
        }
      }
      return (1..<classes).map { structure in
        guard let from = source[structure] else { return nil }
        let size = truth(structure) + predicted(from)
        return size == 0 ? nil : 2 * Double(confusion[structure * classes + from]) / Double(size)
      }
    }
  }
}
