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
  /// - Parameter names: of the structures.
  package static func notices(_ names: [String], _ facts: [CaseFacts], folds: [Fold]) -> [String] {
    let known = Dictionary(facts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let drawn = names.indices.filter { structure in facts.contains { $0.structures[structure].found > 0 } }
    func lacking(_ part: (Fold) -> [String], _ has: (CaseFacts, Int) -> Bool) -> [(structures: String, folds: [Int])] {
      var found: [[Int]: [String]] = [:]
      for structure in drawn {
        let without = folds.filter { fold in
          !part(fold).contains { known[$0].map { has($0, structure) } ?? true }
        }
        if !without.isEmpty { found[without.map(\.number), default: []].append(names[structure]) }
      }
      return found.sorted { ($0.key.count, $0.value[0]) < ($1.key.count, $1.value[0]) }.map {
        (DatasetNotice.shortList($1), $0)
      }
    }
    let untaught = lacking(\.train) { $0.present[$1] }.map {
      "\(numbered($1)): no training case has \($0), which no network of it can learn; set another folds.seed or fewer"
        + " folds.count, or leave the structure out of the labels"
    }
    let untested = lacking(\.test) { $0.structures[$1].found > 0 }.map {
      "\(numbered($1)): no test case has \($0), so that its scores come from the other folds alone"
    }
    return untaught + untested
  }

  private static func numbered(_ folds: [Int]) -> String {
    let list = folds.map(String.init)
    return list.count == 1
      ? "fold \(list[0])" : "folds " + list.dropLast().joined(separator: ", ") + " and " + list[list.count - 1]
  }
}
