import Compute
import Foundation

/// Masks that are each the neighbouring case's, as after a renumbering, where all have one grid so that no header says so.
///
/// Within its own structures an image is even, and under another image's mask it is not: of right data no image is more even
/// under a neighbour's mask. Single cases that are paired wrongly are `MaskPlacement`'s.
package enum ShiftedMasks {
  /// A case that is looked at: its image, and its mask as classes, on one grid.
  package typealias Pair = (image: Grid3<Double>, mask: Grid3<UInt8>)

  /// So many images must be looked at, and no more need be.
  private static let counts = 6...16
  /// So much more even an image must be to count, and so large a share of them must be.
  private static let (clearly, nearlyAll) = (0.9, 0.9)
  /// After so many images of which not even half are, nobody looks further.
  private static let first = 3

  /// - Parameters:
  ///   - facts: of the cases, in any order.
  ///   - structures: how many there are.
  ///   - read: a case by name; nil for one that cannot be read.
  package static func notices(
    _ facts: [CaseFacts], structures: Int, read: (_ name: String) -> Pair?
  ) -> [String] {
    guard facts.count > counts.lowerBound else { return [] }
    // Of other grids each mask would be refused for its own.
    let grids = Dictionary(facts.map { ($0.name, $0.extent) }) { first, _ in first }
    let names = facts.map(\.name).sorted(by: naturallyPrecedes)
    // A script may have gone through them as text: c1, c10, c2.
    for order in [names, names.sorted()].prefix(names == names.sorted() ? 1 : 2) {
      for step in [-1, 1] {
        let pairs = order.indices.compactMap { place -> (name: String, other: String)? in
          guard order.indices.contains(place + step), grids[order[place]] == grids[order[place + step]] else {
            return nil
          }
          return (order[place], order[place + step])
        }
        if let found = shift(pairs, structures, read) {
          return [words(found.fitting, of: found.looked, step, pairs[0])]
        }
      }
    }
    return []
  }

  /// How many of the images that were looked at fit the other case's mask clearly better; nil where not nearly all do.
  private static func shift(
    _ pairs: [(name: String, other: String)], _ structures: Int, _ read: (String) -> Pair?
  ) -> (fitting: Int, looked: Int)? {
    let count = min(pairs.count, counts.upperBound)
    var (fitting, looked) = (0, 0)
    for index in 0..<count {
      let pair = pairs[index * pairs.count / count]
      guard let own = read(pair.name), let other = read(pair.other)?.mask, other.extent == own.image.extent,
        let usual = own.mask.unevenness(of: own.image, structures: structures),
        let shifted = other.unevenness(of: own.image, structures: structures)
      else { continue }
      looked += 1
      if shifted < clearly * usual { fitting += 1 }
      if looked >= first, 2 * fitting < looked { return nil }
    }
    return looked >= counts.lowerBound && Double(fitting) >= nearlyAll * Double(looked) ? (fitting, looked) : nil
  }

  private static func words(
    _ fitting: Int, of looked: Int, _ step: Int, _ example: (name: String, other: String)
  ) -> String {
    "the masks seem shifted by one case: \(fitting) of \(looked) images that were looked at are clearly more even under the mask of the"
      + " case \(step < 0 ? "before" : "behind") them than under their own (that of \(example.other) fits the image of"
      + " \(example.name)), as an image is within its own structures. Look at a few of them, image and mask together, and give each"
      + " mask its own image's name"
  }
}

extension ShiftedMasks {
  /// From the files of a dataset.
  package static func notices(_ facts: [CaseFacts], of dataset: Dataset, labels: LabelMap) -> [String] {
    let cases = Dictionary(dataset.cases.map { ($0.name, $0) }) { first, _ in first }
    return notices(facts, structures: labels.classes - 1) { name in
      guard let one = cases[name], let both = try? CaseCheck.readPair(one) else { return nil }
      return (both.image.grid, MaskClasses(both.mask, labels).classes)
    }
  }

  /// From prepared cases.
  package static func notices(_ facts: [CaseFacts], in cache: PreparedCache, labels: LabelMap) -> [String] {
    notices(facts, structures: labels.classes - 1) { name in
      guard let one = try? cache.load(name) else { return nil }
      return (Grid3(one.image.extent, values: one.image.values.map(Double.init)), one.labels)
    }
  }
}
