/// Images that are copies of each other but for noise, for the scale or type of their values, or for a mirror: in the
/// training and the test part of a fold, they make scores too good.
enum NearCopies {
  /// Patients differ by much more: of 40 lumbar images, the two most alike reach 0.9.
  private static let alike = 0.99
  /// Orders in which copies lie side by side, ...
  private static let orders = 3
  /// ... and how far one looks in each, so that thousands of cases take no longer than they are many.
  private static let reach = 12

  /// One line, or none.
  ///
  /// - Parameter patients: by case; images that are said to be one patient's stay in one part of a fold.
  static func notices(_ facts: [CaseFacts], patients: [String: String]) -> [String] {
    let known = facts.compactMap { one in
      one.pattern.map { (name: one.name, digest: one.imageDigest, pattern: ImagePattern.Comparable($0)) }
    }
    var pairs: Set<[Int]> = []
    var compared: Set<[Int]> = []
    for order in 0..<orders {
      let projections = known.map { $0.pattern.projection(order) }
      let sorted = known.indices.sorted { projections[$0] < projections[$1] }
      for (place, first) in sorted.enumerated() {
        for second in sorted[(place + 1)...].prefix(reach) {
          let pair = [min(first, second), max(first, second)]
          let (one, other) = (known[pair[0]], known[pair[1]])
          let isOnePatient = patients[one.name].map { $0 == patients[other.name] } ?? false
          // The very same picture is a problem of its own.
          guard !isOnePatient, one.digest != other.digest, compared.insert(pair).inserted else { continue }
          if one.pattern.isLike(other.pattern, correlation: alike) { pairs.insert(pair) }
        }
      }
    }
    guard !pairs.isEmpty else { return [] }
    let sorted = pairs.sorted { $0.lexicographicallyPrecedes($1) }
    let list = DatasetNotice.shortList(sorted.map { "\(known[$0[0]].name) and \(known[$0[1]].name)" })
    return [
      "nearly one picture under two names (the noise, scale or type of its values differ, or it is mirrored): \(list). In two"
        + " parts of a fold they make scores too good: leave one out by dataset.exclude, or name the patient of both in a table"
        + " (dataset.groups)"
    ]
  }
}
