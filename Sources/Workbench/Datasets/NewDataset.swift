import Experiments
import Foundation
import System
import Text
import Volumes

/// A dataset that a command makes: nothing is ever overwritten, and the answer says how to check it.
package enum NewDataset {
  /// A number that a phantom cannot have.
  package struct UnsoundPhantom: Error, Equatable, CustomStringConvertible {
    package let field: String
    package let rule: String
    package var description: String { "--\(field): \(rule)" }
  }

  /// `safnet dataset phantom`: made-up images with masks.
  package static func write(_ phantom: Phantom, to folder: String, console: any Console) throws -> String {
    let place = URL(fileURLWithPath: folder, isDirectory: true)
    try refuseExisting(folder)
    try OutputPlace.requireFolder(folder, at: place, makesNew: true)
    if let problem = phantom.problems.first { throw UnsoundPhantom(field: problem.path, rule: problem.message) }
    try phantom.write(to: place, workers: Machine.current().cores) {
      PreparationLines(console).show(.phantom(done: $0, of: $1))
    }
    return words(cases: phantom.cases, in: folder)
  }

  /// `safnet dataset import`: a manifest of the images and masks that two patterns find.
  ///
  /// - Parameter patientEnds: a patient's name is the case's up to this text; nil: each case is a patient.
  package static func list(
    images: CasePattern, masks: CasePattern, patientEnds: String? = nil, scheme: LabelScheme? = nil, in manifest: String
  ) throws -> String {
    try refuseExisting(manifest)
    try OutputPlace.requireFile(manifest, at: URL(fileURLWithPath: manifest))
    var dataset = try Dataset.matching(images: images, masks: masks)
    if let patientEnds {
      for index in dataset.cases.indices { dataset.cases[index].takePatient(endingAt: patientEnds) }
    }
    try Manifest.write(dataset.cases, to: URL(fileURLWithPath: manifest))
    let notices = DatasetNotice.lines(dataset.notices).map { "warning: \($0)" }
    let named = scheme.map { structures(of: dataset, by: $0) } ?? []
    return (notices + named + [words(cases: dataset.cases.count, in: manifest)]).joined(separator: "\n")
  }

  /// `safnet dataset import --bids`: a manifest of a BIDS folder's images that have masks.
  ///
  /// - Parameter scheme: what the masks' numbers mean, to be written into an experiment; nil: nobody said.
  package static func list(_ folder: BIDSFolder, scheme: LabelScheme? = nil, in manifest: String) throws -> String {
    try refuseExisting(manifest)
    try OutputPlace.requireFile(manifest, at: URL(fileURLWithPath: manifest))
    let dataset = try folder.dataset()
    try Manifest.write(dataset.cases, to: URL(fileURLWithPath: manifest))
    let patients = Set(dataset.cases.compactMap(\.patient)).count
    let lines =
      DatasetNotice.lines(dataset.notices).map { "warning: \($0)" } + [
        "found: \(Quantity.of(dataset.found.images, "image")) (\(folder.images)), \(Quantity.of(dataset.found.masks, "mask"))"
          + " (\(folder.masks))",
        "taken: \(Quantity.of(dataset.cases.count, "case")) of \(Quantity.of(patients, "subject"))",
      ] + (scheme.map { structures(of: dataset, by: $0) } ?? [])
    return (lines + [words(cases: dataset.cases.count, in: manifest)]).joined(separator: "\n")
  }

  /// The structures of an experiment by the numbers that the masks hold.
  static func structures(of dataset: Dataset, by scheme: LabelScheme) -> [String] {
    let masks = dataset.readMasks(workers: Machine.current().cores)
    let numbers = masks.numbers.sorted()
    let unread = masks.unread.map { "warning: its numbers are not among these: \($0)" }
    let named = numbers.compactMap { number in scheme.name(of: number).map { "\"\($0)\": \(number)" } }
    let strange = numbers.filter { scheme.name(of: $0) == nil }
    return ["for the experiment: \"labels\": { \(named.joined(separator: ", ")) }"] + unread
      + (strange.isEmpty
        ? []
        : [
          "warning: \(scheme.rawValue) names none of \(strange.map { "\($0)" }.joined(separator: ", ")), which the masks hold:"
            + " name them, or put them into \"background\""
        ])
  }

  /// What is said of a name that no table can have: what the file is, where it is there, and which command takes it.
  package static func refusal(ofManifest name: String) -> String {
    let (file, own) = (URL(fileURLWithPath: name), ShellWord.quoted(name))
    let rule = "the manifest \(name) must end in .csv: it is the table that is written"
    if case .dataList(_, let cases)? = DatasetErrors(fileAt: file)?.problems.first {
      return
        "\(rule), and \(name) is a list of \(Quantity.of(cases, "case")) as MONAI reads it; a table of them is written by"
        + " `\(DataList.remedy(name))`"
    }
    if (try? Specification.load(file)) != nil {
      return
        "\(rule), and \(name) is an experiment: `safnet dataset check \(own)` looks at its dataset; a table for one is written by"
        + " safnet dataset import study.csv --images 'PATH/*.nii.gz' --masks 'PATH/*.nii.gz'"
    }
    if VolumeList.isFolder(file) {
      return
        "\(rule), and \(name) is a folder: `safnet dataset check \(own)` says whether it needs one; give it by --bids, or its files"
        + " by --images and --masks behind the table's name: safnet dataset import study.csv --images"
        + " \(ShellWord.quoted("\(name)/PATH/*.nii.gz")) --masks \(ShellWord.quoted("\(name)/PATH/*.nii.gz"))"
    }
    if name.contains("*") || NIfTIFiles.stem(file.lastPathComponent) != nil {
      return
        "\(rule), and images and masks are given behind its name: safnet dataset import study.csv --images"
        + " \(name.contains("*") ? ShellWord.quoted(name) : "'PATH/*.nii.gz'") --masks 'PATH/*.nii.gz'"
    }
    return "\(rule); give \(ShellWord.quoted((name as NSString).deletingPathExtension + ".csv"))"
  }

  private static func refuseExisting(_ file: String) throws(UsageError) {
    if FileManager.default.fileExists(atPath: file) { throw .outputExists(file: file) }
  }

  private static func words(cases: Int, in place: String) -> String {
    "\(Quantity.of(cases, "case")) in \(place); check \(cases == 1 ? "it" : "them") with `safnet dataset check \(place)`"
  }
}
