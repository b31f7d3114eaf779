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
  /// Dice of every structure with the labels read in the reverse order, as above; nil where that explains no more than the
  /// best shift does.
  package let diceReversed: [Double?]?

  /// So many times the voxels that the best shift makes right must be right in the reverse order.
  private static let clearly = 2

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
    let best = counts.bestShift(of: spine)
    shift = best?.shift
    diceAfterShift = counts.dice(counts.sources(of: spine, movedBy: shift ?? 0))
    let turns = spine.chains.map(counts.bestTurn)
    let right = turns.reduce(0) { $0 + ($1?.right ?? 0) }
    diceReversed =
      right > 0 && right >= Self.clearly * (best?.right ?? 0)
      ? counts.dice(counts.sources(of: spine, turned: turns.map { $0?.sum })) : nil
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
    func bestShift(of spine: SpineLevels) -> (shift: Int, right: Int)? {
      let longest = spine.chains.map(\.count).max() ?? 0
      let shifts = (0..<longest).flatMap { $0 == 0 ? [0] : [$0, -$0] }
      var best: (shift: Int, right: Int)?
      for shift in shifts {
        let right = spine.chains.reduce(0) { $0 + matched($1, movedBy: shift) }
        if right > best?.right ?? 0 { best = (shift, right) }
      }
      return best
    }

    private func matched(_ chain: [Int], movedBy shift: Int) -> Int {
      chain.indices.reduce(0) { sum, place in
        chain.indices.contains(place - shift) ? sum + confusion[chain[place] * classes + chain[place - shift]] : sum
      }
    }

    /// The turn of a chain that makes most voxels right, as the sum of the two places that change theirs; nil where it makes
    /// fewer than two levels meet, as one tells no order.
    func bestTurn(of chain: [Int]) -> (sum: Int, right: Int)? {
      (0...(2 * chain.count - 2)).compactMap { sum -> (sum: Int, right: Int)? in
        let met = chain.indices.compactMap { place in
          chain.indices.contains(sum - place) ? confusion[chain[place] * classes + chain[sum - place]] : nil
        }
        return met.count { $0 > 0 } >= 2 ? (sum, met.reduce(0, +)) : nil
      }.max { $0.right < $1.right }
    }

    /// The class that is read as each class after the move; nil where the chain has none.
    func sources(of spine: SpineLevels, movedBy shift: Int) -> [Int?] {
      sources(of: spine.chains) { _, place in place - shift }
    }

    /// The same of chains that are turned round; one without a sum stays as it is.
    func sources(of spine: SpineLevels, turned sums: [Int?]) -> [Int?] {
      sources(of: spine.chains) { chain, place in sums[chain].map { $0 - place } ?? place }
    }

    private func sources(of chains: [[Int]], place: (_ chain: Int, _ place: Int) -> Int) -> [Int?] {
      var source: [Int?] = Array(0..<classes)
      for (number, chain) in chains.enumerated() {
        for (index, level) in chain.enumerated() {
          let from = place(number, index)
          source[level] = chain.indices.contains(from) ? chain[from] : nil
        }
      }
      return source
    }

    func dice(_ source: [Int?]) -> [Double?] {
      (1..<classes).map { structure in
        guard let from = source[structure] else { return nil }
        let size = truth(structure) + predicted(from)
        return size == 0 ? nil : 2 * Double(confusion[structure * classes + from]) / Double(size)
      }
    }
  }
}
