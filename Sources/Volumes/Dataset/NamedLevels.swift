import Text

/// Where a structure's name puts it on a spine, counted from the head.
enum SpineLevel {
  /// Levels above each region: seven cervical, twelve thoracic, five lumbar.
  private static let regions: [(letters: [String], above: Int, most: Int)] = [
    (["c"], 0, 7), (["t", "th"], 7, 13), (["l"], 19, 6), (["s"], 25, 5),
  ]
  /// Words that leave a name a level's.
  private static let fillers: Set<String> = [
    "vertebra", "vertebrae", "vert", "vb", "body", "level", "disc", "disk", "ivd",
  ]

  /// Twice the number of a vertebra from the head, and of a disc the number between its neighbours'; nil for a name that
  /// is no level's.
  static func place(of name: String) -> Int? {
    let words = name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    let levels = words.filter { !fillers.contains($0) }.map(vertebra)
    guard let first = levels.first, let first, levels.count <= 2 else { return nil }
    guard levels.count == 2 else { return 2 * first }
    guard let second = levels[1], abs(second - first) == 1 else { return nil }
    return first + second
  }

  private static func vertebra(_ word: String) -> Int? {
    if word == "s" || word == "sacrum" { return 26 }
    let letters = word.prefix { $0.isLetter }
    guard let number = Int(word.dropFirst(letters.count)), number > 0,
      let region = regions.first(where: { $0.letters.contains(String(letters)) }), number <= region.most
    else { return nil }
    return region.above + number
  }
}

/// Names of vertebrae and discs that do not follow each other in the masks as they do in a body.
enum NamedLevels {
  /// The least share of the height that tells above from below.
  private static let apart = 0.005

  /// Structures that names put on a spine, from the head on; nil where they do not say an order.
  private static func levels(_ names: [String]) -> [(index: Int, place: Int)]? {
    let levels = names.indices.compactMap { index in
      SpineLevel.place(of: names[index]).map { (index: index, place: $0) }
    }
    .sorted { $0.place < $1.place }
    // R1 beside L1 is a side of the body.
    return levels.count >= 3 && Set(levels.map(\.place)).count == levels.count ? levels : nil
  }

  /// One line, or none.
  ///
  /// - Parameters:
  ///   - names: of the structures.
  ///   - cases: where the centres of their structures lie along D, H and W, as shares of the sides.
  static func notices(_ names: [String], _ cases: [(name: String, centres: [Int: [Double]])]) -> [String] {
    guard let levels = levels(names) else { return [] }
    let pairs = zip(levels, levels.dropFirst()).compactMap { upper, lower -> (words: String, wrong: Int, all: Int)? in
      let gaps = cases.compactMap { one in
        one.centres[upper.index].flatMap { start in one.centres[lower.index].map { $0[1] - start[1] } }
      }
      guard !gaps.isEmpty else { return nil }
      return ("\(names[upper.index]) and \(names[lower.index])", gaps.count { $0 < -apart }, gaps.count)
    }
    let wrong = pairs.filter { 2 * $0.wrong > $0.all }
    guard let first = wrong.first else { return [] }
    if wrong.count == pairs.count, wrong.count > 1, let top = levels.first, let bottom = levels.last {
      let count = wrong.map(\.wrong).max() ?? 0
      return [
        "by their names \(names[top.index]) is uppermost and \(names[bottom.index]) lowest, but in \(count) of"
          + " \(Quantity.of(cases.count, "mask")) they lie from foot to head; give the numbers their names in the masks' order"
          + " (dataset.labels, or labels in dataset.json), or correct the orientation in the headers"
      ]
    }
    let list = DatasetNotice.shortList(wrong.map(\.words))
    return [
      "by their names the first lies above the second, but the other way round in \(first.wrong) of \(first.all) masks:"
        + " \(list); exchange their numbers in dataset.labels (labels in dataset.json), or in the masks"
    ]
  }

  // MARK: In single masks

  /// Centres of two levels that lie so far from each other are no spine that bends, as a share of the height.
  private static let surely = 0.03
  /// Of a structure with fewer voxels than this share of its neighbour's, a few lie astray.
  private static let few = 0.1

  /// Masks in which two levels, and not all, lie the other way round than their names say and most masks have them: what
  /// `ExchangedStructures` cannot tell where masks are few, or where many have it.
  ///
  /// - Parameter facts: of the masks that nothing was said of.
  static func exchanged(_ names: [String], _ facts: [CaseFacts]) -> [String] {
    guard let levels = levels(names) else { return [] }
    let pairs = Array(zip(levels.map(\.index), levels.map(\.index).dropFirst()))
    let wrong = facts.map { one in
      pairs.indices.filter { pair in
        gap(one, pairs[pair]).map { $0 < -surely } ?? false
      }
    }
    let lines = pairs.indices.compactMap { pair -> String? in
      let known = facts.count { gap($0, pairs[pair]) != nil }
      // One pair of all: two are exchanged. More may be anything.
      let odd = zip(facts, wrong).filter { $1 == [pair] && areWhole($0, pairs[pair]) }.map(\.0.name)
      guard !odd.isEmpty, 2 * odd.count < known else { return nil }
      let (upper, lower) = (names[pairs[pair].0], names[pairs[pair].1])
      return "\(DatasetNotice.shortList(odd, of: "masks")): by its name \(upper) lies above \(lower), as in"
        + " \(Quantity.of(known - odd.count, "other mask")), and here below it; exchange the two numbers in the mask, or leave the"
        + " case out by dataset.exclude"
    }
    return lines
  }

  private static func gap(_ one: CaseFacts, _ pair: (Int, Int)) -> Double? {
    one.height(pair.0).flatMap { upper in one.height(pair.1).map { $0 - upper } }
  }

  private static func areWhole(_ one: CaseFacts, _ pair: (Int, Int)) -> Bool {
    let voxels = [one.structures[pair.0].found, one.structures[pair.1].found].map(Double.init)
    return (voxels.min() ?? 0) >= few * (voxels.max() ?? 0)
  }
}
