import Compute

/// Which numbers in a mask file are which structures, in the order of the classes 1 ... K-1. Class 0 is background.
package struct LabelMap: Codable, Hashable, Sendable {
  package struct Structure: Codable, Hashable, Sendable {
    package var name: String
    /// The number that stands for this structure in the mask file, and in predicted masks.
    package var value: Int
    /// Further numbers of a merged structure, ascending: it is the union of all their voxels. Read, never written.
    package var others: [Int]

    package init(name: String, value: Int, others: [Int] = []) {
      (self.name, self.value, self.others) = (name, value, others.sorted())
    }

    /// All numbers that stand for it.
    package var values: [Int] { [value] + others }
  }

  package var structures: [Structure]
  /// Numbers in the mask file that count as background: 0, and structures the experiment leaves out.
  package var background: [Int]
  /// The number of voxels that nobody has annotated (nnU-Net's `ignore`): no loss, no score. Nil: there are none.
  package var ignore: Int?

  package init(structures: [Structure], background: [Int] = [0], ignore: Int? = nil) {
    (self.structures, self.background, self.ignore) = (structures, background, ignore)
  }

  /// Structures and background.
  package var classes: Int { structures.count + 1 }
  package var names: [String] { structures.map(\.name) }
  /// Every number that the map knows.
  package var numbers: [Int] { background + structures.flatMap(\.values) + [ignore].compactMap(\.self) }

  /// The class of a number in a mask file; nil when the map does not know it, or it is `ignore`.
  package subscript(value: Int) -> Int? {
    if background.contains(value) { return 0 }
    return structures.firstIndex { $0.value == value || $0.others.contains(value) }.map { $0 + 1 }
  }

  /// What stands for a number of a mask in label volumes: a class, or `ignoredLabel`; nil when the map does not know it.
  package func label(of value: Int) -> UInt8? {
    value == ignore ? ignoredLabel : self[value].map { UInt8($0) }
  }

  /// The same structures, with further numbers that count as background.
  package func leavingOut(_ more: [Int]) -> LabelMap {
    var map = self
    map.background += Set(more).subtracting(numbers).sorted()
    return map
  }

  /// Whether this map, as a plan holds it, is what became of one that an experiment gives: the same structures, and
  /// perhaps more that the dataset names and the experiment leaves out.
  package func learns(as given: LabelMap) -> Bool {
    structures == given.structures && Set(given.background).isSubset(of: background)
      && (given.ignore == nil || given.ignore == ignore)
  }

  /// The 17 structures of the paper: MRSpineSeg's labels 1 ... 19 without T9 (10) and T9/T10 (19), which are in too few
  /// cases and count as background.
  package static let mrSpineSeg = LabelMap(
    structures: [
      ("S", 1), ("L5", 2), ("L4", 3), ("L3", 4), ("L2", 5), ("L1", 6), ("T12", 7), ("T11", 8), ("T10", 9),
      ("L5/S", 11), ("L4/L5", 12), ("L3/L4", 13), ("L2/L3", 14), ("L1/L2", 15), ("T12/L1", 16), ("T11/T12", 17),
      ("T10/T11", 18),
    ].map { Structure(name: $0.0, value: $0.1) },
    background: [0, 10, 19])
}

// MARK: What makes a map unusable

extension LabelMap {
  /// The numbers that can stand for a structure: those of the widest mask that is written (32 bits, signed).
  package static let numbers = 1...Int(Int32.max)

  /// What makes this map unusable, in words; empty when it is sound. The one rule for every place that a map comes
  /// from.
  package var problems: [String] {
    var found: [String] = []
    if structures.isEmpty { found.append("no structure is named") }
    // Where voxels are ignored, the largest byte is theirs.
    let most = ignore == nil ? 255 : 254
    if structures.count > most {
      let besides = ignore == nil ? "" : " beside the ignored voxels"
      found.append("\(structures.count) structures; at most \(most) fit the label type\(besides)")
    }
    for structure in structures {
      if let problem = Self.problem(ofName: structure.name) {
        found.append("the name of the value \(structure.value) \(problem)")
      }
      for value in structure.values where !Self.numbers.contains(value) && !background.contains(value) {
        found.append(
          "the value \(value) of \"\(structure.name)\" is not in \(Self.numbers.lowerBound) to"
            + " \(Self.numbers.upperBound)")
      }
    }
    for name in Self.repeated(names) { found.append("the name \"\(name)\" is given twice") }
    return found + overlaps
  }

  /// Numbers that stand for more than one thing: a voxel can be of one structure only.
  var overlaps: [String] {
    var told: Set<Int> = []
    var pairs: [(names: String, shared: String, remedy: String)] = []
    for (index, one) in structures.enumerated() {
      for other in structures[..<index] where !(one.others.isEmpty && other.others.isEmpty) {
        let shared = Set(one.values).intersection(other.values).sorted()
        guard !shared.isEmpty else { continue }
        told.formUnion(shared)
        pairs.append(
          (
            "\"\(other.name)\" and \"\(one.name)\"", shared.map(String.init).joined(separator: ", "),
            Self.parted(other, one, shared).map { ", such as \($0)" } ?? ""
          ))
      }
    }
    let found =
      pairs.count == 1
      ? [
        "\(pairs[0].names) overlap: both take \(pairs[0].shared), and a voxel is learnt as one structure only;"
          + " take \(pairs[0].shared) out of one of them\(pairs[0].remedy), or learn them in two experiments,"
          + " each with its own dataset.labels"
      ]
      : pairs.isEmpty
        ? []
        : [
          "\(pairs.count) pairs of structures overlap, and a voxel is learnt as one structure only: "
            + DatasetNotice.shortList(pairs.map { "\($0.names) (both take \($0.shared))" })
            + "; leave each number to one of them, or learn them in several experiments, each with its own"
            + " dataset.labels"
        ]
    let all = structures.flatMap(\.values) + background + [ignore].compactMap(\.self)
    return found
      + Self.repeated(all).filter { !told.contains($0) }.map { "the value \($0) is given twice\(owners(of: $0))" }
  }

  /// The structure of more numbers without those that the other has too, as it is written; nil where nothing is left.
  private static func parted(_ one: Structure, _ other: Structure, _ shared: [Int]) -> String? {
    let larger = one.values.count >= other.values.count ? one : other
    let left = larger.values.filter { !shared.contains($0) }
    guard let first = left.first else { return nil }
    return "\"\(larger.name)\": "
      + (left.count == 1 ? "\(first)" : "[\(left.map(String.init).joined(separator: ", "))]")
  }

  /// `, to "L1" and "L3"`.
  private func owners(of value: Int) -> String {
    let names =
      structures.filter { $0.values.contains(value) }.map { "\"\($0.name)\"" }
      + (background.contains(value) ? ["background"] : []) + (value == ignore ? ["ignore"] : [])
    if names.count < 2 { return "" }
    let remedy =
      background.contains(value) || value == ignore
      ? "leave it to one of them" : "give each the number that the masks hold for it, or write one name for both"
    return ", to \(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1]); \(remedy)"
  }

  private static func problem(ofName name: String) -> String? {
    let scalars = name.unicodeScalars
    if scalars.allSatisfy(\.properties.isWhitespace) { return "is blank" }
    if scalars.contains(where: { $0.properties.generalCategory == .control }) { return "holds a control character" }
    return name.utf8.count > 200 ? "has \(name.utf8.count) bytes, more than 200" : nil
  }

  private static func repeated<T: Hashable>(_ values: [T]) -> [T] {
    var seen: Set<T> = []
    var twice: Set<T> = []
    return values.filter { !seen.insert($0).inserted && twice.insert($0).inserted }
  }
}

// MARK: Stored

extension LabelMap.Structure {
  private enum CodingKeys: CodingKey { case name, value, others }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try values.decode(String.self, forKey: .name), value: try values.decode(Int.self, forKey: .value),
      others: try values.decodeIfPresent([Int].self, forKey: .others) ?? [])
  }

  /// A structure of one number is written as before there were merged ones: keys of caches are made of this.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(value, forKey: .value)
    if !others.isEmpty { try values.encode(others, forKey: .others) }
  }
}
