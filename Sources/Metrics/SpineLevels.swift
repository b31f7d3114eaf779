/// Which structures of a label map are levels of the spine, and in which order they follow each other.
///
/// Known by their names, in the ways that the field writes them: `L5`, `T12`, `S`, `vertebrae_L5`, `sacrum`;
/// discs by their two vertebrae, `L5/S`, `L4-L5`, `disc_L5_S`. Other structures (cord, canal) are no levels.
package struct SpineLevels: Sendable, Equatable {
  /// Class indices from head to foot; a chain has at least two.
  package let vertebrae, discs: [Int]
  /// Those of them that most spines lack: a 13th thoracic or a 6th lumbar vertebra, and the disc below it.
  package let rare: Set<Int>

  /// - Parameter names: of the classes from 1 on.
  package init(names: [String]) {
    func chain(_ rank: (String) -> Int?) -> [Int] {
      let ranked = names.enumerated().compactMap { index, name in rank(name).map { (rank: $0, class: index + 1) } }
      // Two structures of one level, such as a vertebra in two parts, are no chain.
      guard ranked.count >= 2, Set(ranked.map(\.rank)).count == ranked.count else { return [] }
      return ranked.sorted { $0.rank < $1.rank }.map(\.class)
    }
    vertebrae = chain(Self.vertebra)
    discs = chain(Self.disc)
    let levels = vertebrae + discs
    rare = Set(
      levels.filter { level in
        (Self.vertebra(names[level - 1]) ?? Self.disc(names[level - 1])).map(Self.rarePlaces.contains) ?? false
      })
  }

  package var chains: [[Int]] { [vertebrae, discs].filter { !$0.isEmpty } }
  package var isEmpty: Bool { chains.isEmpty }

  /// A vertebra's place from C1 = 1 to the sacrum; nil for a name that is none.
  package static func vertebra(_ name: String) -> Int? {
    let words = words(of: name).filter { !["vertebra", "vertebrae", "vertebral", "body"].contains($0) }
    return words.count == 1 ? place(words[0]) : nil
  }

  /// A disc's place: that of the vertebra above it.
  package static func disc(_ name: String) -> Int? {
    let words = words(of: name).filter { !["disc", "discs", "disk", "ivd", "intervertebral"].contains($0) }
    guard words.count == 2, let upper = place(words[0]), let lower = place(words[1]), lower > upper else { return nil }
    return upper
  }

  private static func words(of name: String) -> [String] {
    name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }

  /// A 13th thoracic and a 6th lumbar vertebra.
  private static let rarePlaces: Set<Int> = [33, 46]

  /// Numbers leave room for a 13th thoracic and a 6th lumbar vertebra.
  private static func place(_ word: String) -> Int? {
    if ["s", "s1", "sacrum"].contains(word) { return 100 }
    let letters = word.prefix { $0.isLetter }
    guard let number = Int(word.dropFirst(letters.count)) else { return nil }
    switch (letters, number) {
    case ("c", 1...7): return number
    case ("t", 1...13), ("th", 1...13): return 20 + number
    case ("l", 1...6): return 40 + number
    default: return nil
    }
  }
}
