/// Which numbers in a mask file are which structures, in the order of the classes 1 ... K-1. Class 0 is background.
package struct LabelMap: Codable, Hashable, Sendable {
  package struct Structure: Codable, Hashable, Sendable {
    package var name: String
    /// The number that stands for this structure in the mask file.
    package var value: Int

    package init(name: String, value: Int) { (self.name, self.value) = (name, value) }
  }

  package var structures: [Structure]
  /// Numbers in the mask file that count as background: 0, and structures the experiment leaves out.
  package var background: [Int]

  package init(structures: [Structure], background: [Int] = [0]) {
    (self.structures, self.background) = (structures, background)
  }

  /// Structures and background.
  package var classes: Int { structures.count + 1 }
  package var names: [String] { structures.map(\.name) }

  /// The class of a number in a mask file; nil when the map does not know it.
  package subscript(value: Int) -> Int? {
    if background.contains(value) { return 0 }
    return structures.firstIndex { $0.value == value }.map { $0 + 1 }
  }

  /// The numbers that can stand for a structure: those of the widest mask that is written (32 bits, signed).
  package static let numbers = 1...Int(Int32.max)

  /// What makes this map unusable, in words; empty when it is sound. The one rule for every place that a map comes
  /// from.
  package var problems: [String] {
    var found: [String] = []
    if structures.isEmpty { found.append("no structure is named") }
    if classes > 256 { found.append("\(structures.count) structures; at most 255 fit the label type") }
    for structure in structures {
      if let problem = Self.problem(ofName: structure.name) {
        found.append("the name of the value \(structure.value) \(problem)")
      }
      if !Self.numbers.contains(structure.value) && !background.contains(structure.value) {
        found.append(
          "the value \(structure.value) of \"\(structure.name)\" is not in \(Self.numbers.lowerBound) to"
            + " \(Self.numbers.upperBound)")
      }
    }
    for name in Self.repeated(names) { found.append("the name \"\(name)\" is given twice") }
    for value in Self.repeated(structures.map(\.value) + background) {
      found.append("the value \(value) is given twice")
    }
    return found
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
