import Text

/// Structures that few masks have, and what that makes of folds.
package enum RareStructures {
  /// Of so many masks, half say something.
  private static let fewest = 4

  /// One line for the structures that at most half of the masks have though the others' images have room for them, and one
  /// for those that lie beyond most images.
  static func notices(_ structures: [DatasetCensus.Structure], _ facts: [CaseFacts]) -> [String] {
    let rare = structures.indices.filter { structures[$0].masks > 0 && 2 * structures[$0].masks <= facts.count }
    guard facts.count >= fewest, !rare.isEmpty else { return [] }
    func line(_ some: [Int], _ words: String) -> [String] {
      let list = some.map { "\(structures[$0].name) in \(structures[$0].masks)" }
      return some.isEmpty
        ? [] : ["\(DatasetNotice.shortList(list, of: "structures")) of \(Quantity.of(facts.count, "mask")): \(words)"]
    }
    let undrawn = rare.filter { isUndrawn($0, facts) }
    return line(
      undrawn,
      "most other images have room for \(undrawn.count == 1 ? "it" : "them"), and what is to be seen and not drawn is learnt as"
        + " background; draw it there, mark its voxels as not annotated (\"ignore\", docs/labels.md), or leave it out of the labels"
    )
      + line(
        rare.filter { !undrawn.contains($0) },
        "few to learn from and to test with; most of the other images seem to end before")
  }

  /// Whether a structure would lie within most of the images whose masks lack it, by the structure next to it.
  private static func isUndrawn(_ structure: Int, _ facts: [CaseFacts]) -> Bool {
    let (having, lacking) = (
      facts.filter { $0.height(structure) != nil }, facts.filter { $0.height(structure) == nil }
    )
    let gaps = (facts.first?.structures.indices ?? 0..<0).compactMap { other -> (other: Int, gap: Double)? in
      let all = having.compactMap { one in
        one.height(other).flatMap { start in one.height(structure).map { $0 - start } }
      }.sorted()
      return other == structure || all.isEmpty ? nil : (other, all[all.count / 2])
    }.sorted { abs($0.gap) < abs($1.gap) }
    let roomy = lacking.count { one in
      guard let next = gaps.first(where: { one.height($0.other) != nil }), let start = one.height(next.other) else {
        return false
      }
      let place = start + next.gap
      // With its whole height.
      return (abs(next.gap) / 2...1 - abs(next.gap) / 2).contains(place)
    }
    return 2 * roomy > lacking.count
  }

  /// Folds whose training or test cases have none of a structure that others have.
  ///
  /// - Parameters:
  ///   - names: of the structures.
  ///   - remedy: what to do about one that no training case of a fold has, given whether a case that chooses its checkpoint
  ///     does.
  package static func notices(
    _ names: [String], _ facts: [CaseFacts], folds: [Fold], remedy: (_ isInValidation: Bool) -> String
  ) -> [String] {
    let known = Dictionary(facts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let drawn = names.indices.filter { structure in facts.contains { $0.structures[structure].found > 0 } }
    func lines(_ lacks: (Fold, Int) -> Bool, _ words: (_ structures: String) -> String) -> [String] {
      var found: [[Int]: [String]] = [:]
      for structure in drawn {
        let without = folds.filter { lacks($0, structure) }
        if !without.isEmpty { found[without.map(\.number), default: []].append(names[structure]) }
      }
      return found.sorted { ($0.key.count, $0.value[0]) < ($1.key.count, $1.value[0]) }.map { folds, structures in
        "\(numbered(folds)): \(words(DatasetNotice.shortList(structures)))"
      }
    }
    // What preprocessing leaves of a structure is learnt, and what was drawn of it is tested.
    func isKept(_ structure: Int, _ cases: [String]) -> Bool {
      cases.contains { known[$0]?.present[structure] ?? true }
    }
    func isDrawn(_ structure: Int, _ cases: [String]) -> Bool {
      cases.contains { name in known[name].map { $0.structures[structure].found > 0 } ?? true }
    }
    let untaught = [false, true].flatMap { isInValidation in
      lines({ !isKept($1, $0.train) && isKept($1, $0.validation) == isInValidation }) {
        "no training case has \($0), which no network of it can learn; \(remedy(isInValidation))"
      }
    }
    let untested = lines({ !isDrawn($1, $0.test) }) {
      "no test case has \($0), so that its scores come from the other folds alone"
    }
    return untaught + untested
  }

  private static func numbered(_ folds: [Int]) -> String {
    let list = folds.map(String.init)
    return list.count == 1
      ? "fold \(list[0])" : "folds " + list.dropLast().joined(separator: ", ") + " and " + list[list.count - 1]
  }
}
