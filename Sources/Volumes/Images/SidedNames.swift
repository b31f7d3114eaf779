import Compute

extension LabelMap {
  /// The structures whose names belong to one side of the body: a mirrored image would exchange them.
  ///
  /// A name that says left or right, and one of a pair that differs by `l` and `r` as a word of its own (`rib_L`, `rib_R`).
  package var sidedNames: [String] {
    let words = names.map(Self.words)
    let known = Set(words)
    return zip(names, words).filter { name, words in
      let small = name.lowercased()
      if small.contains("left") || small.contains("right") { return true }
      return words.indices.contains { place in
        guard let other = ["l": "r", "r": "l"][words[place]] else { return false }
        var twin = words
        twin[place] = other
        return known.contains(twin)
      }
    }.map(\.0)
  }

  private static func words(_ name: String) -> [String] {
    name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }
}

extension Grid3 where Element: Sendable {
  /// The same with left and right exchanged: the slices of D in the other order.
  package var mirrored: Grid3 {
    let plane = extent.height * extent.width
    return Grid3(extent, values: (0..<extent.depth).reversed().flatMap { values[$0 * plane..<($0 + 1) * plane] })
  }
}
