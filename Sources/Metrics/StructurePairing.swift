/// Which true structure each predicted one is, by where they lie: the two that have most voxels in common with each other.
struct StructurePairing {
  /// For each true structure, from 0, the predicted one; nil: none.
  private(set) var sources: [Int?]
  /// Whether the predicted ones lie in the reverse order.
  let isReversed: Bool

  /// Fewer pairs tell no order: two are merely exchanged.
  private static let fewest = 3

  /// - Parameters:
  ///   - cases: each with the structures of the set, from 0, that its own are.
  ///   - count: of structures in the set.
  ///   - spine: which of them are levels; each of its chains may be turned round by itself.
  init(_ cases: [Renumbering.Case], count: Int, spine: SpineLevels) {
    sources = Self.closest(Self.commonVoxels(cases, count), count)
    let chains = spine.chains.map { $0.map { $0 - 1 } }
    let turned = [[Array(0..<count)], chains].first { [sources] in Self.areReversed($0, sources) }
    isReversed = turned != nil
    for group in turned ?? [] { completeReversed(group) }
    keepOthers()
  }

  /// Structures whose number would be another.
  var moved: Int { sources.indices.count { sources[$0] != nil && sources[$0] != $0 } }
  /// These, and those that would have none.
  var concerned: [Int] { sources.indices.filter { sources[$0] != $0 } }

  /// Over all cases, by true and predicted structure at `truth * count + predicted`.
  private static func commonVoxels(_ cases: [Renumbering.Case], _ count: Int) -> [Int] {
    var common = [Int](repeating: 0, count: count * count)
    for one in cases {
      for (truth, t) in one.structures.enumerated() {
        for (predicted, p) in one.structures.enumerated() {
          common[t * count + p] += one.scores.voxels(truth: truth, predicted: predicted)
        }
      }
    }
    return common
  }

  private static func closest(_ common: [Int], _ count: Int) -> [Int?] {
    /// The one with most voxels; of equal ones `own`, else the first.
    func largest(_ own: Int, _ voxels: (Int) -> Int) -> Int? {
      guard let best = (0..<count).max(by: { (voxels($0), -$0) < (voxels($1), -$1) }), voxels(best) > 0 else {
        return nil
      }
      return voxels(own) == voxels(best) ? own : best
    }
    let truths = (0..<count).map { p in largest(p) { common[$0 * count + p] } }
    return (0..<count).map { t in
      largest(t) { common[t * count + $0] }.flatMap { truths[$0] == t ? $0 : nil }
    }
  }

  /// Whether each group is turned round within itself, and nothing else is moved.
  private static func areReversed(_ groups: [[Int]], _ sources: [Int?]) -> Bool {
    let inside = groups.map { group in group.compactMap { t in sources[t].map { (t, $0) } } }
    let grouped = Set(groups.joined())
    let isElsewhere = sources.indices.contains { t in
      sources[t].map { p in p != t && !grouped.contains(t) } ?? false
    }
    guard !isElsewhere, inside.contains(where: { $0.count >= fewest }) else { return false }
    return zip(groups, inside).allSatisfy { group, pairs in
      let places = pairs.map { group.firstIndex(of: $0.1) ?? -1 }
      return !places.contains(-1) && zip(places, places.dropFirst()).allSatisfy { $0 > $1 }
    }
  }

  /// What of a group no case shows is turned round with the rest.
  private mutating func completeReversed(_ group: [Int]) {
    let used = Set(sources.compactMap(\.self))
    let (open, free) = (group.filter { sources[$0] == nil }, group.filter { !used.contains($0) })
    for (structure, source) in zip(open, free.reversed()) { sources[structure] = source }
  }

  /// Numbers that are no other structure's keep their own.
  private mutating func keepOthers() {
    let used = Set(sources.compactMap(\.self))
    for structure in sources.indices where sources[structure] == nil && !used.contains(structure) {
      sources[structure] = structure
    }
  }
}
