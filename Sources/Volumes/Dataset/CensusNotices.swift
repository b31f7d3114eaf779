import Compute
import Text

/// What is left out, or legal and surely not meant.
extension DatasetCensus {
  static func structureNotices(
    _ structures: [Structure], _ facts: [CaseFacts], _ preprocessing: Preprocessing
  ) -> [String] {
    guard !facts.isEmpty else { return [] }
    var found: [String] = []
    let absent = structures.filter { $0.masks == 0 }.map(\.name)
    if let undivided = FilledMasks.undivided(structures) {
      found += undivided
    } else if !absent.isEmpty {
      let list = DatasetNotice.shortList(absent, of: "structures")
      found.append("\(list): in no mask; take out of the labels what is not there")
    }
    found += RareStructures.notices(structures, facts)
    let lost = structures.filter { $0.masks > 0 && $0.cases < $0.masks }
    if !lost.isEmpty {
      let list = lost.map { "\($0.name) of \($0.masks - $0.cases) of \($0.masks)" }
      let masks = lost.count == 1 && lost[0].masks == 1 ? "mask" : "masks"
      found.append("preprocessing leaves no voxel of \(DatasetNotice.shortList(list)) \(masks)")
    }
    if structures.contains(where: { $0.leastKept ?? 1 < enough }) {
      found.append(
        "labelled voxels are dropped, which no network can find and which count as missed: \(causes(facts, preprocessing))"
      )
    }
    return found
  }

  /// Which steps drop labelled voxels, and what would keep them.
  private static func causes(_ facts: [CaseFacts], _ preprocessing: Preprocessing) -> String {
    let all = facts.flatMap(\.structures)
    let found = all.reduce(0) { $0 + $1.found }
    let lost = [
      all.reduce(0) { $0 + $1.cropped }, all.reduce(0) { $0 + $1.sliced },
      all.reduce(0) { $0 + $1.found - $1.cropped - $1.sliced - $1.kept },
    ]
    let size = preprocessing.size
    let depths = facts.map(\.extent.depth)
    let depth = depths.max() ?? size.depth
    // That is told, and a larger one is no remedy.
    let isTurned = preprocessing.hasSlicesElsewhere(of: depths)
    let remedies = [
      "crop (set preprocessing.crop to \"none\")",
      "slices beyond size (set preprocessing.size to [\(depth), \(size.height), \(size.width)], or depth to"
        + " \"resample\")",
      preprocessing.spacing != nil
        ? "resampling (set a finer preprocessing.spacing)"
        : "resampling" + (isTurned ? "" : " (set a larger preprocessing.size)"),
    ]
    return zip(lost, remedies).filter { $0.0 > 0 }.map { count, remedy in
      "\(max((Double(count) / Double(found) * 1000).rounded() / 10, 0.1)) % of all by \(remedy)"
    }.joined(separator: ", ")
  }

  /// - Parameter channels: as the census has them.
  static func imageNotices(_ facts: [CaseFacts], _ channels: [String]?) -> [String] {
    (0..<(channels?.count ?? 1)).compactMap { place in
      let blank = facts.compactMap { one in
        one.channel(place).flatMap { $0.isBlank ? (name: one.name, channel: $0) : nil }
      }
      guard let first = blank.first else { return nil }
      let list = DatasetNotice.shortList(blank.map(\.name), of: "images")
      let channel = channels.map { $0.count > 1 ? " of channel \($0[place])" : "" } ?? ""
      return "\(list): a few extreme values\(channel) (in \(first.name) \(first.channel.lowest) to"
        + " \(first.channel.highest)) leave the rest without contrast once normalised; replace values that mean \"no data\""
    }
  }

  /// Masks that are numbered in another order than most, or all in another than their structures' names.
  static func orderNotices(_ facts: [CaseFacts], _ names: [String]) -> [String] {
    let cases = facts.compactMap { one in
      one.centres.map { all in
        (
          name: one.name,
          centres: Dictionary(uniqueKeysWithValues: all.enumerated().filter { !$1.isEmpty }.map { ($0, $1) })
        )
      }
    }
    let reversed = StructureOrder.reversed(cases)
    let exchanged = ExchangedStructures.all(in: cases).filter { one in !reversed.contains { $0.name == one.name } }
    // Of two orders, neither is the one by which names or cases are wrong.
    let both = reversed.contains { $0.axis == 1 } ? nil : TwoOrders(cases).map { [$0.notice(names)] }
    let bound = StructurePairs(cases).notice.map { [$0] } ?? []
    let told = Set(reversed.map(\.name) + exchanged.map(\.name))
    let named = both ?? NamedLevels.notices(names, cases)
    return bound + named + StructureOrder.notices(reversed) + ExchangedStructures.notices(exchanged, names, facts)
      + (named.isEmpty ? NamedLevels.exchanged(names, facts.filter { !told.contains($0.name) }) : [])
  }
}
