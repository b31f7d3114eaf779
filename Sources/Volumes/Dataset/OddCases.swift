import Compute
import Foundation
import Text

/// Cases that stop no training and are surely not meant, by themselves or beside the others.
enum OddCases {
  /// One line for each kind of oddity; nothing where there is none.
  ///
  /// - Parameters:
  ///   - facts: of the cases of `dataset` that are taken.
  ///   - turned: those whose axes are exchanged.
  static func notices(_ facts: [CaseFacts], of dataset: Dataset, turned: Set<String> = []) -> [String] {
    let facts = facts.sorted { naturallyPrecedes($0.name, $1.name) }
    let cases = dataset.cases.filter { !dataset.excludedNames.contains($0.name) }
    // A case of exchanged axes is told as such; its sides say nothing of its spacing.
    let straight = facts.filter { !turned.contains($0.name) }
    return likeMasks(facts) + twinChannels(facts) + twins(facts, of: dataset)
      + NearCopies.notices(facts, patients: dataset.patients) + OddHeaders.notices(straight) + fields(straight)
      + lostSpacings(straight) + HeaderUnits.notices(straight) + inverted(facts) + negative(facts)
      + unnamedPatients(cases)
      + likePatients(cases)
      + PatientNames.notices(cases) + likeValues(cases)
  }

  /// The names of cases, and what is said of them; nothing where there are none.
  private static func line(_ names: [String], of kind: String, _ words: String) -> [String] {
    names.isEmpty ? [] : ["\(DatasetNotice.shortList(names, of: kind)): \(words)"]
  }

  // MARK: Images

  private static func likeMasks(_ facts: [CaseFacts]) -> [String] {
    line(
      facts.filter { $0.isLikeMask == true }.map(\.name), of: "images",
      "a few whole numbers only, as a label map holds; put the image there that the mask is of")
  }

  private static func twinChannels(_ facts: [CaseFacts]) -> [String] {
    line(
      facts.filter { $0.hasTwinChannels == true }.map(\.name), of: "cases",
      "two channels are one picture, voxel for voxel; put each channel's own image there, or leave one out of"
        + " dataset.channels")
  }

  /// From here on, or from its negative down, an image's values lean to one side for certain.
  static let leaning = 0.2

  /// Images whose values lean the other way than most images': inverted ones, mostly.
  private static func inverted(_ facts: [CaseFacts]) -> [String] {
    let known = facts.compactMap { one in one.skew.map { (name: one.name, skew: $0) } }
    guard known.count >= 5 else { return [] }
    for sign in [1.0, -1.0] where Double(known.count { sign * $0.skew >= leaning }) >= 0.8 * Double(known.count) {
      return line(
        known.filter { -sign * $0.skew >= leaning }.map(\.name), of: "images",
        "\(sign > 0 ? "bright" : "dark") voxels outweigh the others, in most images \(sign > 0 ? "dark" : "bright") ones, as"
          + " if the contrast were inverted or the image of another kind; put the original image there, or leave it out by"
          + " dataset.exclude")
    }
    return []
  }

  /// Images far below 0 among others that are not, as CT is among MRI.
  private static func negative(_ facts: [CaseFacts]) -> [String] {
    let odd = facts.filter { $0.lowest <= -500 }
    guard facts.count >= 5, 5 * odd.count <= facts.count, let first = odd.first,
      facts.allSatisfy({ $0.lowest <= -500 || $0.lowest > -100 })
    else { return [] }
    return line(
      odd.map(\.name), of: "images",
      "values down to \(String(format: "%.0f", first.lowest)), as CT has, and most images none such; put the image of the others'"
        + " kind there, or leave it out by dataset.exclude")
  }

  // MARK: Masks

  /// Masks that are one, voxel for voxel, of images that are not said to be one patient's.
  private static func twins(_ facts: [CaseFacts], of dataset: Dataset) -> [String] {
    let patients = dataset.patients
    let groups = Dictionary(grouping: facts.filter { $0.maskDigest != nil }) { $0.maskDigest }.values
      .map { $0.map(\.name) }
      .filter { names in
        names.count > 1 && (patients[names[0]] == nil || Set(names.map { patients[$0] }).count > 1)
      }
      .sorted { naturallyPrecedes($0[0], $1[0]) }
    let known = Dictionary(dataset.cases.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let listed = groups.compactMap { names in line(of: names.compactMap { known[$0] }, in: dataset).map { (names, $0) }
    }
    let others = groups.filter { names in !listed.contains { $0.0 == names } }
    guard !others.isEmpty else { return listed.map(\.1) }
    let list = DatasetNotice.shortList(
      others.map { $0.count > 5 ? DatasetNotice.shortList($0) : $0.joined(separator: " and ") })
    return listed.map(\.1) + [
      "one mask, voxel for voxel, under several names: \(list). If the images are of one patient, name the patient in a"
        + " table (dataset.groups), which keeps them in one fold; else put each image's own mask there"
    ]
  }

  /// What is said of lines of a table that name one file as the mask of several cases; nil where they name several files.
  private static func line(of cases: [DatasetCase], in dataset: Dataset) -> String? {
    let lines = cases.compactMap(\.line).sorted()
    guard dataset.layout == .manifest, let first = cases.first, lines.count == cases.count,
      cases.allSatisfy({ $0.label.path == first.label.path })
    else { return nil }
    return
      "\(dataset.root.path): lines \(DatasetNotice.shortList(lines.map(String.init))) name one mask, \(first.label.path), for"
      + " \(DatasetNotice.shortList(cases.map(\.name), of: "cases")); write each image's own mask there, or, if the images are of"
      + " one patient, the patient's name into a column patient, which keeps them in one fold"
  }

  // MARK: Spacing

  /// How far a field of view may lie from the usual one.
  private static let farthest = 3.0
  /// Of so many images, one is usual.
  private static let fewest = 3

  /// Images that show a much larger or smaller part of a body than most: of a wrong spacing, or cut out.
  private static func fields(_ facts: [CaseFacts]) -> [String] {
    guard facts.count >= fewest else { return [] }
    return (0..<3).flatMap { axis -> [String] in
      let fields = facts.compactMap { one in one.field(axis).map { (name: one.name, length: $0) } }
      guard fields.count >= fewest else { return [] }
      let usual = fields.map(\.length).sorted()[fields.count / 2]
      let far = fields.filter { $0.length > farthest * usual || farthest * $0.length < usual }
      guard let first = far.first else { return [] }
      return line(
        far.map(\.name), of: "images",
        "from \(VoxelAxes.directions[axis]) \(first.name) shows \(rounded(first.length)) mm, most images about"
          + " \(rounded(usual)); correct the spacing in its header, or leave it out by dataset.exclude")
    }
  }

  /// Narrower than a vertebra, in millimetres.
  private static let narrow = 25.0

  /// Voxels of 1 x 1 x 1 mm, as a header has that nobody filled in, where they make a slab too thin for a spine.
  private static func lostSpacings(_ facts: [CaseFacts]) -> [String] {
    let lost = facts.filter { one in
      let sides = [one.extent.depth, one.extent.height, one.extent.width].map(Double.init).sorted()
      return one.voxel == [1, 1, 1] && sides[0] < narrow && sides[1] > 5 * sides[0]
    }
    guard let first = lost.first else { return [] }
    return line(
      lost.map(\.name), of: "images",
      "voxels of 1 x 1 x 1 mm, so that the \(first.extent) of \(first.name) would be a slab of"
        + " \(min(first.extent.depth, first.extent.height, first.extent.width)) mm: the header seems to have lost its spacing;"
        + " write the scanner's into it")
  }

  /// To three digits.
  private static func rounded(_ value: Double) -> String { value.threeDigits }

  // MARK: Patients

  /// A table that names the patients of some cases only.
  private static func unnamedPatients(_ cases: [DatasetCase]) -> [String] {
    let without = cases.filter { $0.patient == nil }.map(\.name)
    guard without.count < cases.count else { return [] }
    return line(
      without, of: "cases",
      "no patient is named, so each counts as one of its own; fill the column in, or folds may part a patient's images")
  }

  /// Names of patients that differ in capitals or leading zeros only.
  private static func likePatients(_ cases: [DatasetCase]) -> [String] {
    let groups = Dictionary(grouping: Set(cases.compactMap(\.patient)), by: plain).values
      .filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    guard !groups.isEmpty else { return [] }
    let list = DatasetNotice.shortList(groups.map { $0.joined(separator: " and ") })
    return ["patients \(list) are taken as different ones; if they are not, write one name"]
  }

  /// Values of other columns that differ in capitals or blanks only.
  private static func likeValues(_ cases: [DatasetCase]) -> [String] {
    Set(cases.flatMap(\.attributes.keys)).sorted().flatMap { column -> [String] in
      let values = Set(cases.compactMap { $0.attributes[column] })
      return Dictionary(grouping: values) { $0.lowercased().filter { $0.isLetter || $0.isNumber } }.values
        .filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
        .map {
          "column \(column): \($0.joined(separator: " and ")) are taken as different; if they are not, write one of them"
        }
    }
  }

  /// In small letters, and numbers without zeros before them.
  private static func plain(_ name: String) -> String {
    let runs = name.lowercased().reduce(into: [String]()) { runs, letter in
      if let last = runs.last?.last, last.isNumber == letter.isNumber {
        runs[runs.count - 1].append(letter)
      } else {
        runs.append(String(letter))
      }
    }
    return runs.map { run in
      let bare = run.drop { $0 == "0" }
      return bare.isEmpty && !run.isEmpty ? "0" : String(bare)
    }.joined()
  }
}

extension CaseFacts {
  /// Millimetres that the image shows along an axis; nil where its spacing was not kept.
  func field(_ axis: Int) -> Double? {
    voxel.map { $0[axis] * extent.sides[axis] }
  }
}
