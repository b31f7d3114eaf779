/// Which structures are compared with which: all with all where they are few, else those whose numbers are near, so that
/// a whole body's structures take no longer than they are many.
package struct StructurePairs: Sendable {
  package let pairs: [(first: Int, second: Int)]
  /// How many numbers on the two of a pair lie at most; nil where all are compared with all.
  package let reach: Int?
  private let structures: Int

  /// So many pairs are compared, of 45 structures all.
  package static let most = 1000

  /// - Parameter structures: in order.
  package init(_ structures: [Int]) {
    self.structures = structures.count
    reach = Self.reach(structures.count)
    let far = reach ?? structures.count
    pairs = structures.indices.flatMap { first in
      structures[(first + 1)...].prefix(far).map { (structures[first], $0) }
    }
  }

  init(_ cases: [(name: String, centres: [Int: [Double]])]) {
    self.init(Set(cases.flatMap(\.centres.keys)).sorted())
  }

  /// Nil where all of so many are compared with all.
  static func reach(_ structures: Int) -> Int? {
    structures * (structures - 1) / 2 <= most ? nil : most / structures
  }

  /// What was not looked at; nil where nothing was left out.
  var notice: String? {
    reach.map {
      "the masks have \(structures) structures: whether two lie the right way round was looked at only where their numbers are"
        + " at most \($0) places apart"
    }
  }
}
