import Compute
import Foundation
import Text

/// What was found of a dataset, what of it is taken, and what preprocessing keeps: nothing is left out without a word.
package struct DatasetCensus: Codable, Hashable, Sendable {
  package struct Structure: Codable, Hashable, Sendable {
    package var name: String
    /// Cases whose mask has it, and those that have it on the network's grid still.
    package var masks: Int
    package var cases: Int
    /// The share of its voxels that is kept, over the masks that have it; nil where none has.
    package var medianKept: Double?
    package var leastKept: Double?
    /// The case with the least share.
    package var leastCase: String?
  }

  /// A number that masks hold and no structure takes.
  package struct Apart: Codable, Hashable, Sendable {
    package var number: Int
    /// As the dataset calls it; nil where it does not.
    package var name: String?
    /// Whether nobody has annotated these voxels, rather than that the experiment leaves them out.
    package var isIgnored: Bool
    package var masks: Int
    package var voxels: Int
  }

  /// Volumes that are there, in cases or not.
  package var foundImages: Int
  package var foundMasks: Int
  package var cases: Int
  /// Channels that make an image, by number and name; nil where it is the first alone.
  package var channels: [String]?
  package var structures: [Structure]
  /// What is labelled and not learnt, by number.
  package var apart: [Apart]
  /// Cases that the experiment takes out; they are none of `cases`.
  package var excluded: [ExcludedCase]
  /// What is left out, or legal and surely not meant; one line each.
  package var notices: [String]
  /// The numbers of `apart` that are left out because nobody names them, not because somebody says so.
  private var unnamed: [Int] = []

  private enum CodingKeys: CodingKey {
    case foundImages, foundMasks, cases, channels, structures, apart, excluded, notices
  }

  /// A structure of which less than this is kept is warned of.
  package static let enough = 0.99

  /// - Parameters:
  ///   - written: the labels as the experiment names them, before what it does not name was left out; nil: those that are
  ///     learnt.
  ///   - isAssumed: whether nobody says what the numbers mean, so that they have the names of the dataset's layout.
  ///   - facts: of the cases that are sound, in any order.
  package init(
    _ dataset: Dataset, labels: LabelMap, written: LabelMap? = nil, isAssumed: Bool = false,
    preprocessing: Preprocessing,
    facts all: [CaseFacts]
  ) {
    excluded = dataset.excluded
    let facts = all.filter { one in !dataset.excluded.contains { $0.name == one.name } }
    (foundImages, foundMasks) = (dataset.found.images, dataset.found.masks)
    cases = dataset.cases.count - excluded.count
    if dataset.channels != [0] {
      let names = dataset.channelNames.isEmpty ? dataset.channels.map { _ in "" } : dataset.channelNames
      channels = zip(dataset.channels, names).map { "\($0) \($1)".trimmingCharacters(in: .whitespaces) }
    }
    structures = labels.names.indices.map { Structure(labels.names[$0], $0, facts) }
    apart = Self.apart(dataset, labels, facts) + Self.nowhere(dataset, written ?? labels, facts)
    unnamed = apart.map(\.number).filter { !(written ?? labels).numbers.contains($0) }
    let left = DatasetNotice.lines(dataset.notices + Self.otherNames(dataset, labels), below: dataset.root)
    let (turned, filled) = (ExchangedAxes.found(facts), FilledMasks.found(labels.names, facts))
    // What is advised of sizes and orders must not follow from a case whose axes are exchanged or whose mask is filled.
    let straight = facts.filter { !turned.names.contains($0.name) && !filled.names.contains($0.name) }
    let sound =
      straight.count == facts.count
      ? structures : labels.names.indices.map { Structure(labels.names[$0], $0, straight) }
    // What a few extreme voxels do to an image says nothing of where its mask lies.
    let placed = MaskPlacement.notices(straight.filter { $0.bulk == nil && !$0.isBlank }, channels)
    let unmirrored = straight.filter { !placed.mirrored.contains($0.name) }
    let ofStructures = Self.structureNotices(sound, straight, preprocessing) { found in
      isAssumed ? Self.given(labels, to: found) : Self.remedy(labels, of: dataset)
    }
    notices =
      left + labels.likeNames + turned.notices + filled.notices + ofStructures
      + Self.lostNumbers(of: labels, dataset, facts) + Self.sizeNotices(straight, preprocessing, sound)
      + Self.imageNotices(facts, channels)
      + BurntVoxels.notices(facts, channels)
      + Self.orderNotices(unmirrored, labels.names) + MaskNumbers.notices(labels.names, unmirrored) + placed.lines
      + OddCases.notices(facts, of: dataset, turned: turned.names)
  }

  /// Says nothing of numbers that the labels leave out and none of its masks holds: those of a test set may.
  package mutating func leaveToTest() { apart.removeAll { $0.masks == 0 && !$0.isIgnored } }

  package var text: String { lines.joined(separator: "\n") }

  /// Found, taken, kept; then the notices.
  package var lines: [String] {
    let each = channels.map {
      " of \(Quantity.of($0.count, "channel")) (\($0.joined(separator: ", ")))"
    }
    let taken = "\(Quantity.of(cases, "case"))\(each ?? ""), \(Quantity.of(structures.count, "structure"))"
    let known = structures.filter { $0.medianKept != nil }
    let whole = known.filter { $0.leastKept ?? 0 >= Self.enough }
    let shares = known.filter { $0.leastKept ?? 0 < Self.enough }.map { structure in
      "  \(structure.name): median \(structure.medianKept.percent), least \(structure.leastKept.percent)"
        + " (\(structure.leastCase ?? ""))"
    }
    let kept =
      shares.isEmpty
      ? "all voxels of \(Quantity.of(whole.count, "structure")), but for 1 % at most"
      : "\(Quantity.of(whole.count, "structure")) whole; of the others"
    let out = excluded.map { "excluded: \($0.name) (\($0.reason))" }
    return ["found: \(Quantity.of(foundImages, "image")), \(Quantity.of(foundMasks, "mask"))", "taken: \(taken)"] + out
      + (known.isEmpty ? [] : ["kept:  \(kept)"] + shares) + apart.map(\.line) + unnamedLines
      + notices.map { "warning: \($0)" }
  }

  /// What to do about numbers that are left out without a word of the experiment's.
  private var unnamedLines: [String] {
    guard !unnamed.isEmpty else { return [] }
    let list = unnamed.map(String.init).joined(separator: ", ")
    return [
      "  dataset.labels does not name \(list): name \(unnamed.count == 1 ? "it" : "them") there to learn, or write"
        + " \"background\": [\(list)] there where that is meant"
    ]
  }

  private static func apart(_ dataset: Dataset, _ labels: LabelMap, _ facts: [CaseFacts]) -> [Apart] {
    let counts = facts.compactMap(\.apart)
    return Set(counts.flatMap(\.keys)).sorted().map { number in
      let voxels = counts.compactMap { $0[number] }
      return Apart(
        number: number, name: dataset.name(of: number), isIgnored: number == labels.ignore, masks: voxels.count,
        voxels: voxels.reduce(0, +))
    }
  }

  /// Numbers that the labels leave out or ignore, and that no mask holds; none where nobody looked. What MRSpineSeg's labels
  /// leave out was written by nobody.
  private static func nowhere(_ dataset: Dataset, _ written: LabelMap, _ facts: [CaseFacts]) -> [Apart] {
    // Caches that know the digest of a mask count what is apart in it.
    guard !facts.isEmpty, facts.allSatisfy({ $0.maskDigest != nil }),
      written.structures != LabelMap.mrSpineSeg.structures
    else { return [] }
    let held = Set(facts.compactMap(\.apart).flatMap(\.keys))
    return Set(written.background + [written.ignore].compactMap(\.self)).subtracting(held).subtracting([0]).sorted().map
    {
      Apart(number: $0, name: dataset.name(of: $0), isIgnored: $0 == written.ignore, masks: 0, voxels: 0)
    }
  }

  /// Names in dataset.json for numbers that the label map calls otherwise.
  private static func otherNames(_ dataset: Dataset, _ labels: LabelMap) -> [DatasetNotice] {
    guard dataset.layout == .nnUNet, let own = dataset.labels else { return [] }
    let pairs = own.structures.compactMap { structure in
      // A merged structure has a name of its own.
      labels.structures.first { $0.values == structure.values && $0.name != structure.name }
        .map { (named: structure.name, taken: $0.name) }
    }
    guard !pairs.isEmpty else { return [] }
    let file = dataset.root.appendingPathComponent("dataset.json").path
    return [.otherNames(file: file, named: pairs.map(\.named), taken: pairs.map(\.taken))]
  }
}

extension DatasetCensus.Apart {
  /// One line of the census.
  fileprivate var line: String {
    let called = name.map { "\($0) (\(number))" } ?? "label \(number)"
    if masks == 0 {
      return
        "\(isIgnored ? "ignored" : "not learnt"): \(called), in no mask; correct the number in the labels, or take it out"
    }
    let counts = "\(Quantity.of(voxels, "voxel")) of \(Quantity.of(masks, "mask"))"
    return isIgnored
      ? "ignored: \(called), \(counts): no loss and no score there" : "not learnt: \(called), \(counts): background"
  }
}

extension Dataset {
  /// What the dataset calls a number of its masks: by its dataset.json, or as MRSpineSeg does.
  fileprivate func name(of number: Int) -> String? {
    guard let map = ownLabels else { return nil }
    let structure = map.structures.first { $0.values.contains(number) }
    return structure?.name ?? (layout == .mrSpineSeg ? [10: "T9", 19: "T9/T10"][number] : nil)
      ?? (number == map.ignore ? "ignore" : nil)
  }
}

extension DatasetCensus.Structure {
  fileprivate init(_ name: String, _ index: Int, _ facts: [CaseFacts]) {
    self.name = name
    let shares = facts.compactMap { one in one.structures[index].share.map { (share: $0, name: one.name) } }
      .sorted { ($0.share, $0.name) < ($1.share, $1.name) }
    masks = shares.count
    cases = facts.count { $0.present[index] }
    (leastKept, leastCase) = (shares.first?.share, shares.first?.name)
    let middle = shares.count / 2
    medianKept =
      shares.isEmpty
      ? nil
      : shares.count.isMultiple(of: 2)
        ? (shares[middle - 1].share + shares[middle].share) / 2 : shares[middle].share
  }
}

extension Double? {
  fileprivate var percent: String { map { "\(($0 * 1000).rounded(.down) / 10) %" } ?? "-" }
}
