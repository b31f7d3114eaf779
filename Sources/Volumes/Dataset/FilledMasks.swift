/// Masks in which a structure stands where background should, or one number stands for all structures.
enum FilledMasks {
  /// No structure has a larger share of an image; background has.
  static let most = 0.5

  /// The names of the masks that are filled, and what is told of them.
  static func found(_ names: [String], _ facts: [CaseFacts]) -> (names: Set<String>, notices: [String]) {
    var cases: [Int: [CaseFacts]] = [:]
    for one in facts {
      if let structure = names.indices.first(where: { share(of: $0, in: one) > most }) {
        cases[structure, default: []].append(one)
      }
    }
    let lines = cases.sorted { $0.key < $1.key }.map { structure, some in
      let shares = some.map { share(of: structure, in: $0) * 100 }
      let list = DatasetNotice.shortList(some.map(\.name), of: "masks")
      return
        "\(list): \(names[structure]) fills \(Int((shares.min() ?? 0).rounded(.down))) % of the image or more, as background"
        + " does; background is 0 in every mask: exchange the two numbers in the mask, or write 0 for this one where nothing is"
        + " drawn"
    }
    return (Set(cases.values.flatMap(\.self).map(\.name)), lines)
  }

  /// How much of an image a structure fills.
  private static func share(of structure: Int, in one: CaseFacts) -> Double {
    Double(one.structures[structure].found) / Double(one.extent.count)
  }

  /// Of several structures, all masks have the same one alone: nothing was told apart.
  static func undivided(_ structures: [DatasetCensus.Structure]) -> [String]? {
    let drawn = structures.filter { $0.masks > 0 }
    guard structures.count > 2, drawn.count == 1 else { return nil }
    let absent = DatasetNotice.shortList(structures.filter { $0.masks == 0 }.map(\.name))
    return [
      "all \(drawn[0].masks) masks hold \(drawn[0].name) alone, and none \(absent): if one number stands for all structures there,"
        + " put masks that tell them apart in their place, or learn them as one (in the labels, one name for that number)"
    ]
  }
}
