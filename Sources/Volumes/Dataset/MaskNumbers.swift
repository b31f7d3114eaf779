import Text

/// Masks whose numbers are surely not those of the others': structures merged into one, or a level too high or too low.
enum MaskNumbers {
  /// Of so many masks, most say something.
  private static let fewest = 5
  /// So many of them are most.
  private static let most = 0.8

  /// - Parameters:
  ///   - names: of the structures.
  ///   - facts: of the cases whose axes are as those of most.
  static func notices(_ names: [String], _ facts: [CaseFacts]) -> [String] {
    guard facts.count >= fewest else { return [] }
    let usual = names.indices.filter { structure in
      Double(facts.count { $0.structures[structure].found > 0 }) >= most * Double(facts.count)
    }
    guard usual.count > 1 else { return [] }
    // Once for all cases, of which there may be thousands.
    let volumes = names.indices.map { structure in facts.compactMap { $0.volume(structure) }.sorted() }
    let heights = names.indices.map { structure in facts.compactMap { $0.height(structure) }.sorted() }
    var gaps = StructureGaps(facts)
    return facts.compactMap { one in
      merged(one, names, usual, volumes) ?? shifted(one, names, usual, heights)
        ?? missing(one, names, usual, heights, facts, &gaps)
    } + facts.compactMap { sized($0, names, volumes) }
  }

  /// The middle one of sorted values, with one of them left out; nil where fewer than `least` are left.
  private static func middle(_ sorted: [Double], besides own: Double?, least: Int) -> Double? {
    let left = own.flatMap { sorted.firstIndex(of: $0) }
    let count = sorted.count - (left == nil ? 0 : 1)
    guard count >= max(least, 1) else { return nil }
    let place = count / 2
    return sorted[left.map { $0 <= place } == true ? place + 1 : place]
  }

  // MARK: Merged

  /// So many times its usual volume a structure has that took another one's voxels.
  private static let swollen = (alone: 2.5, beside: 1.7)

  /// A structure that holds another one's voxels, which the mask lacks.
  private static func merged(_ one: CaseFacts, _ names: [String], _ usual: [Int], _ volumes: [[Double]]) -> String? {
    let missing = usual.filter { one.structures[$0].found == 0 }
    guard !missing.isEmpty else { return nil }
    let factors = factors(one, names, volumes)
    guard let largest = factors.max(by: { $0.factor < $1.factor }) else { return nil }
    let rest = factors.filter { $0.structure != largest.structure }.map(\.factor).sorted()
    // A large patient is large in all structures.
    let size = rest.isEmpty ? 1 : max(rest[rest.count / 2], 1)
    guard largest.factor > size * (rest.isEmpty ? swollen.alone : swollen.beside) else { return nil }
    let list = DatasetNotice.shortList(missing.map { names[$0] })
    let times = (largest.factor * 10).rounded() / 10
    return
      "\(one.name): \(names[largest.structure]) is \(times) times as large as in most masks, and \(list), which most have,"
      + " \(missing.count == 1 ? "is" : "are") missing; give each structure its own number in this mask, or leave the case"
      + " out by dataset.exclude"
  }

  /// How many times as large as the middle volume of the other masks that have it each of a mask's structures is; without
  /// those that too few have.
  private static func factors(
    _ one: CaseFacts, _ names: [String], _ volumes: [[Double]]
  ) -> [(structure: Int, factor: Double)] {
    names.indices.compactMap { structure in
      guard let own = one.volume(structure),
        let usual = middle(volumes[structure], besides: own, least: fewest - 1)
      else { return nil }
      return (structure, own / usual)
    }
  }

  // MARK: Of another size

  /// Grown-ups' structures differ by less in volume.
  private static let unlikeVolume = 3.0

  /// Structures that are all much larger or smaller than in most masks, as a wrong spacing makes them.
  private static func sized(_ one: CaseFacts, _ names: [String], _ volumes: [[Double]]) -> String? {
    let factors = factors(one, names, volumes).map(\.factor).sorted()
    guard factors.count >= 3 else { return nil }
    let factor = factors[factors.count / 2]
    guard factor > unlikeVolume || factor * unlikeVolume < 1 else { return nil }
    func told(_ times: Double) -> String { String(format: "%.2g", times) }
    return factor > 1
      ? "\(one.name): its structures have \(told(factor)) times the volume that they have in most masks; correct the spacing in"
        + " the headers of image and mask"
      : "\(one.name): its structures have 1/\(told(1 / factor)) of the volume that they have in most masks; correct the spacing"
        + " in the headers of image and mask, or draw the structures in all slices"
  }

  // MARK: Left out

  /// Structures that most masks have between two that this one has, with room for them.
  private static func missing(
    _ one: CaseFacts, _ names: [String], _ usual: [Int], _ heights: [[Double]], _ facts: [CaseFacts],
    _ gaps: inout StructureGaps
  ) -> String? {
    let there = usual.filter { one.height($0) != nil }
    let gone = usual.filter { one.height($0) == nil }.compactMap {
      structure -> (structure: Int, above: Int, below: Int)? in
      let near = nearest(there, to: structure, heights).compactMap { other in
        gaps.gap(other, structure).map { (structure: other, gap: $0) }
      }
      guard let above = near.filter({ $0.gap > 0 }).min(by: { $0.gap < $1.gap }),
        let below = near.filter({ $0.gap < 0 }).max(by: { $0.gap < $1.gap }),
        let top = one.height(above.structure), let bottom = one.height(below.structure),
        let whole = gaps.gap(above.structure, below.structure), bottom - top > 0.75 * whole
      else { return nil }
      return (structure, above.structure, below.structure)
    }
    guard let first = gone.first else { return nil }
    let list = DatasetNotice.shortList(gone.map { names[$0.structure] })
    let others = facts.count { $0.structures[first.structure].found > 0 }
    let (verb, those) = gone.count == 1 ? ("is", "it") : ("are", "them")
    return
      "\(one.name): \(list) \(verb) missing between \(names[first.above]) and \(names[(gone.last ?? first).below]), where"
      + " \(Quantity.of(others, "other mask")) \(others == 1 ? "has" : "have") \(those); draw \(those), mark the voxels as not annotated (\"ignore\", docs/labels.md), or leave the case"
      + " out by dataset.exclude"
  }

  /// Of many structures those whose usual heights are nearest to one's.
  private static func nearest(_ structures: [Int], to one: Int, _ heights: [[Double]]) -> [Int] {
    guard let reach = StructurePairs.reach(structures.count), let own = middle(heights[one], besides: nil, least: 1)
    else { return structures }
    let far = structures.map { (middle(heights[$0], besides: nil, least: 1) ?? .infinity) - own }
    return zip(structures, far).sorted { abs($0.1) < abs($1.1) }.prefix(4 * reach).map(\.0)
  }

  // MARK: Shifted

  /// So far, in levels, the structures lie from the usual place of their numbers, ...
  private static let farthest = 0.6
  /// ... and so much room the image has for the one that is missing.
  private static let room = 0.75

  /// All structures a level too low or too high, with the last one missing where the image has room for it.
  private static func shifted(_ one: CaseFacts, _ names: [String], _ usual: [Int], _ heights: [[Double]]) -> String? {
    let order = usual.compactMap { structure -> (structure: Int, place: Double)? in
      middle(heights[structure], besides: one.height(structure), least: 1).map { (structure, $0) }
    }.sorted { $0.place < $1.place }
    let missing = order.filter { one.height($0.structure) == nil }
    guard order.count >= 4, missing.count == 1, let gone = missing.first else { return nil }
    let there = order.filter { $0.structure != gone.structure }
    let isLowest = gone.structure == order.last?.structure
    guard isLowest || gone.structure == order.first?.structure, let start = there.first, let end = there.last,
      let top = one.height(start.structure), let bottom = one.height(end.structure), bottom > top
    else { return nil }
    let level = (bottom - top) / Double(there.count - 1)
    let offsets = there.compactMap { entry in one.height(entry.structure).map { ($0 - entry.place) / level } }
    let towards = isLowest ? (offsets.min() ?? 0) : -(offsets.max() ?? 0)
    let left = (isLowest ? 1 - bottom : top) / level
    guard towards > farthest, left > room else { return nil }
    let neighbour = names[(isLowest ? end : start).structure]
    return "\(one.name): its structures lie a level \(isLowest ? "lower" : "higher") than in most masks, and"
      + " \(names[gone.structure]) is missing though the image goes on \(isLowest ? "below" : "above") \(neighbour); if the"
      + " numbers are shifted by one, correct the mask"
  }
}

extension CaseFacts {
  /// Cubic millimetres of a structure; nil where there is none, or the voxel's sides were not kept.
  fileprivate func volume(_ structure: Int) -> Double? {
    let found = structures[structure].found
    return found > 0 ? voxel.map { $0.reduce(1, *) * Double(found) } : nil
  }

  /// Where a structure's centre lies from head to foot, as a share of the image's height; nil where there is none.
  func height(_ structure: Int) -> Double? {
    centres.flatMap { $0.indices.contains(structure) && !$0[structure].isEmpty ? $0[structure][1] : nil }
  }
}
