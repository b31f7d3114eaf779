import Compute
import Foundation
import JSON
import Text

/// What is left out, or legal and surely not meant.
extension DatasetCensus {
  /// - Parameter remedy: what to do about structures of no mask.
  static func structureNotices(
    _ structures: [Structure], _ facts: [CaseFacts], _ preprocessing: Preprocessing, remedy: ([Structure]) -> String
  ) -> [String] {
    guard !facts.isEmpty else { return [] }
    var found: [String] = []
    let absent = structures.filter { $0.masks == 0 }.map(\.name)
    if let undivided = FilledMasks.undivided(structures) {
      found += undivided
    } else if !absent.isEmpty {
      let list = DatasetNotice.shortList(absent, of: "structures")
      found.append("\(list): in no mask; \(remedy(structures))")
    }
    found += RareStructures.notices(structures, facts)
    let lost = structures.filter { $0.masks > 0 && $0.cases < $0.masks }
    if !lost.isEmpty {
      let list = lost.map { "\($0.name) of \($0.masks - $0.cases) of \($0.masks)" }
      let masks = lost.count == 1 && lost[0].masks == 1 ? "mask" : "masks"
      found.append("preprocessing leaves no voxel of \(DatasetNotice.shortList(list)) \(masks)")
    }
    if areCut(structures) {
      found.append(
        "labelled voxels are dropped, which no network can find and which count as missed: \(causes(facts, preprocessing))"
      )
    }
    return found
  }

  /// Whether so many labelled voxels are dropped that it is warned of.
  static func areCut(_ structures: [Structure]) -> Bool { structures.contains { $0.leastKept ?? 1 < enough } }

  /// Where the labels are given: in the dataset's own file, or in the experiment.
  static func place(of labels: LabelMap, _ dataset: Dataset) -> String {
    guard dataset.labels?.structures == labels.structures else { return "dataset.labels" }
    return dataset.layout == .bids
      ? "dseg.tsv" : "\"labels\" in \(dataset.root.appendingPathComponent("dataset.json").path)"
  }

  /// What to do about labels of no mask, where they are given.
  static func remedy(_ labels: LabelMap, of dataset: Dataset) -> String {
    labels == .mrSpineSeg && dataset.labels == nil
      ? "write as dataset.labels an object of the names and numbers that are there"
      : "take out of \(place(of: labels, dataset)) what is not there"
  }

  /// What to write where nobody has said what the numbers mean, and names were taken of which most are of nothing here.
  static func given(_ labels: LabelMap, to structures: [Structure]) -> String {
    let there = Set(structures.filter { $0.masks > 0 }.map(\.name))
    let known = labels.structures.filter { there.contains($0.name) }
    let meanings = DatasetNotice.shortList(known.map { "\($0.value) is \($0.name)" })
    let object = known.map { "\(CanonicalJSON.quoted($0.name)): \($0.value)" }.joined(separator: ", ")
    return
      "dataset.labels is not given, so that the numbers were given MRSpineSeg's names: \(meanings). If they are these, write"
      + " \"labels\": {\(object)} below dataset in the experiment; else the same with your own names"
  }

  /// Numbers of structures that have several, and that no mask holds though the structure is there by its others.
  static func lostNumbers(of labels: LabelMap, _ dataset: Dataset, _ facts: [CaseFacts]) -> [String] {
    guard !facts.isEmpty, facts.allSatisfy({ $0.merged != nil }) else { return [] }
    let held = Set(facts.compactMap(\.merged).flatMap(\.keys))
    let lost = labels.structures.compactMap { one -> (words: String, count: Int)? in
      let missing = one.values.filter { !held.contains($0) }
      guard !missing.isEmpty, missing.count < one.values.count else { return nil }
      let numbers = DatasetNotice.shortList(missing.map(String.init))
      return ("the number\(missing.count == 1 ? "" : "s") \(numbers) of \(one.name)", missing.count)
    }
    guard !lost.isEmpty else { return [] }
    let them = lost.count == 1 && lost[0].count == 1 ? "it" : "them"
    return [
      "in no mask: \(DatasetNotice.shortList(lost.map(\.words))); correct \(them) in \(place(of: labels, dataset)), or take"
        + " \(them) out"
    ]
  }

  /// Which steps drop labelled voxels, and what would keep them.
  private static func causes(_ facts: [CaseFacts], _ preprocessing: Preprocessing) -> String {
    let all = facts.flatMap(\.structures)
    let found = all.reduce(0) { $0 + $1.found }
    let lost = [
      all.reduce(0) { $0 + $1.cropped }, all.reduce(0) { $0 + $1.sliced },
      all.reduce(0) { $0 + $1.found - $1.cropped - $1.sliced - $1.kept },
    ]
    let depths = facts.map(\.extent.depth)
    let depth = depths.max() ?? preprocessing.size.depth
    // That is told, and a larger one is no remedy.
    let isTurned = preprocessing.hasSlicesElsewhere(of: depths)
    // One size is advised of all that is wrong with it.
    let plane = meantPlane(facts.map(Prepared.init), preprocessing)
    let remedies = [
      "crop (set preprocessing.crop to \"none\")",
      "slices beyond size (set preprocessing.size to [\(depth), \(plane.height), \(plane.width)], or depth to"
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
