/// Images that are copies of each other but for noise, for the scale, type or gamma of their values, for a mirror or a crop:
/// in the training and the test part of a fold, they make scores too good.
package enum NearCopies {
  /// Patients differ by much more: of 40 lumbar images, the two most alike reach 0.9.
  private static let alike = 0.99
  /// Copies share more of the order of their voxels, three quarters of which a crop may take; of 20 lumbar images, no two
  /// reach 0.04.
  private static let shared = 0.2
  /// Orders in which copies lie side by side, ...
  private static let orders = 3
  /// ... and how far one looks in each, so that thousands of cases take no longer than they are many.
  private static let reach = 12

  /// One line, or none.
  ///
  /// - Parameter patients: by case; images that are said to be one patient's stay in one part of a fold.
  static func notices(_ facts: [CaseFacts], patients: [String: String]) -> [String] {
    let pairs = pairs(facts) { one, other in
      let isOnePatient = patients[one.name].map { $0 == patients[other.name] } ?? false
      return !isOnePatient
    }
    guard !pairs.isEmpty else { return [] }
    let list = DatasetNotice.shortList(pairs.map { "\($0.name) and \($1.name)" })
    return [
      "nearly one picture under two names (\(differences)): \(list). In two parts of a fold they make scores too good: leave"
        + " one out by dataset.exclude, or name the patient of both in a table (dataset.groups)"
    ]
  }

  /// The same of an external test set, whose images should be none that was learnt from.
  package static func notices(ofTests tests: [CaseFacts], among own: [CaseFacts]) -> [String] {
    // Cases of both may have one name.
    let known = Set(own.map(\.source))
    let pairs = pairs(own + tests) { known.contains($0.source) != known.contains($1.source) }
      .map { known.contains($0.source) ? (own: $0, test: $1) : (own: $1, test: $0) }
    guard !pairs.isEmpty else { return [] }
    let list = DatasetNotice.shortList(pairs.map { "\($0.test.name) and \($0.own.name)" })
    return [
      "images of the test set are nearly images of the experiment's own cases (\(differences)): \(list). They make scores too"
        + " good: take them out of the one or the other"
    ]
  }

  private static let differences =
    "the noise, scale, type or gamma of its values differ, or it is mirrored or cropped"

  /// - Parameter isMeant: which two are compared; the very same picture is a problem of its own.
  private static func pairs(
    _ facts: [CaseFacts], _ isMeant: (CaseFacts, CaseFacts) -> Bool
  ) -> [(CaseFacts, CaseFacts)] {
    func isAsked(_ pair: [Int]) -> Bool {
      let (one, other) = (facts[pair[0]], facts[pair[1]])
      return one.imageDigest != other.imageDigest && isMeant(one, other)
    }
    let found = byPattern(facts, isAsked).union(byOrder(facts, isAsked))
    return found.sorted { $0.lexicographicallyPrecedes($1) }.map { (facts[$0[0]], facts[$0[1]]) }
  }

  private static func byPattern(_ facts: [CaseFacts], _ isAsked: ([Int]) -> Bool) -> Set<[Int]> {
    let known = facts.indices.compactMap { place in
      facts[place].pattern.map { (place: place, pattern: ImagePattern.Comparable($0)) }
    }
    var (pairs, compared): (Set<[Int]>, Set<[Int]>) = ([], [])
    for order in 0..<orders {
      let projections = known.map { $0.pattern.projection(order) }
      let sorted = known.indices.sorted { projections[$0] < projections[$1] }
      for (index, first) in sorted.enumerated() {
        for second in sorted[(index + 1)...].prefix(reach) {
          let (one, other) = (known[min(first, second)], known[max(first, second)])
          let pair = [one.place, other.place]
          guard isAsked(pair), compared.insert(pair).inserted else { continue }
          if one.pattern.isLike(other.pattern, correlation: alike) { pairs.insert(pair) }
        }
      }
    }
    return pairs
  }

  /// Those that have one of their few hashes in common are compared.
  private static func byOrder(_ facts: [CaseFacts], _ isAsked: ([Int]) -> Bool) -> Set<[Int]> {
    var holders: [UInt32: [Int]] = [:]
    for (place, one) in facts.enumerated() {
      for hash in one.order?.hashes ?? [] { holders[hash, default: []].append(place) }
    }
    var (pairs, compared): (Set<[Int]>, Set<[Int]>) = ([], [])
    for places in holders.values {
      for (index, first) in places.enumerated() {
        for second in places[(index + 1)...].prefix(reach) {
          let pair = [first, second]
          guard compared.insert(pair).inserted, isAsked(pair), let one = facts[first].order,
            let other = facts[second].order
          else { continue }
          if one.share(with: other) >= shared { pairs.insert(pair) }
        }
      }
    }
    return pairs
  }
}
