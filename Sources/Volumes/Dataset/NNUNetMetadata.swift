import Foundation
import JSON

/// nnU-Net's `dataset.json`: one channel, labels by name (version 2) or by number (version 1), background 0.
///
/// Its regions (a name with a list of numbers) and its label `ignore` (voxels that nobody has annotated) mean what this
/// project's networks do not learn, and are refused by name.
struct NNUNetMetadata {
  private let file: URL
  private var problems: [DatasetProblem] = []

  /// The label map; nil when the file is unusable, which is then among the problems.
  ///
  /// - Parameter cases: how many were found, to compare with `numTraining`.
  static func read(
    _ file: URL, cases: Int, problems: inout [DatasetProblem], notices: inout [DatasetNotice]
  ) -> LabelMap? {
    var reader = NNUNetMetadata(file: file)
    defer { problems += reader.problems }
    guard let whole = reader.document() else { return nil }
    if case .number(let claimed)? = whole["numTraining"]?.content, let claimed = Int(exactly: claimed), cases > 0,
      claimed != cases
    {
      notices.append(.claimedCases(file: file.path, claimed: claimed, found: cases))
    }
    reader.checkImages(whole)
    return reader.problems.isEmpty ? reader.labels(whole) : nil
  }

  private init(file: URL) { self.file = file }

  private mutating func refuse(_ field: String, _ reason: String, at node: JSONNode? = nil) {
    let place = node.map { ":\($0.place.line):\($0.place.column)" } ?? ""
    problems.append(.badMetadata(file: file.path + place, field: field, reason: reason))
  }

  private mutating func document() -> JSONNode? {
    let data: Data
    do { data = try VolumeFolder.content(of: file) } catch {
      problems.append(error)
      return nil
    }
    do throws(JSONSyntaxError) {
      let whole = try JSONParser.parse(Array(data), origin: .file(file.path))
      if case .object = whole.content { return whole }
      refuse("content", "is not a JSON object", at: whole)
    } catch {
      problems.append(
        .badMetadata(
          file: "\(file.path):\(error.place.line):\(error.place.column)", field: "content", reason: error.fault.words))
    }
    return nil
  }

  /// What it says of its images: one channel, in files that are read.
  private mutating func checkImages(_ whole: JSONNode) {
    let name = whole["channel_names"] == nil ? "modality" : "channel_names"
    let channels: Int? =
      switch whole[name]?.content {
      case .object(let members): members.count
      case .array(let elements): elements.count
      default: nil
      }
    if let channels, channels != 1 {
      refuse(name, "\(channels) channels; images of one channel are read", at: whole[name])
    }
    // Some write it without the first dot.
    if let ending = whole["file_ending"]?.text, !["nii", "nii.gz"].contains(where: { ending.hasSuffix($0) }) {
      refuse("file_ending", "\(ending) is not NIfTI; convert the dataset to .nii.gz", at: whole["file_ending"])
    }
  }

  private static let form = "an object of names and whole numbers, such as {\"background\": 0, \"L1\": 1}"

  private mutating func labels(_ whole: JSONNode) -> LabelMap? {
    guard let node = whole["labels"], case .object(let members) = node.content else {
      refuse("labels", "is not \(Self.form)", at: whole["labels"] ?? whole)
      return nil
    }
    var structures: [LabelMap.Structure] = []
    for member in members { if let one = structure(member) { structures.append(one) } }
    guard problems.isEmpty else { return nil }
    structures.removeAll { $0.value == 0 }
    let map = LabelMap(structures: structures.sorted { ($0.value, $0.name) < ($1.value, $1.name) })
    for problem in map.problems { refuse("labels", problem, at: node) }
    return problems.isEmpty ? map : nil
  }

  private mutating func structure(_ member: JSONMember) -> LabelMap.Structure? {
    let found: LabelMap.Structure
    switch member.node.content {
    case .number(let number) where Int(exactly: number) != nil: found = .init(name: member.key, value: Int(number))
    // Version 1 has it the other way round: {"0": "background"}.
    case .string(let name) where Int(member.key) != nil: found = .init(name: name, value: Int(member.key) ?? 0)
    case .array:
      refuse(
        "labels",
        "\"\(member.key)\" is a region, the list \(member.node.shown); regions are not read: give each structure its"
          + " own number and take the region out, or write the region's voxels into the masks as a structure of their"
          + " own",
        at: member.node)
      return nil
    default:
      refuse("labels", "\"\(member.key)\" is \(member.node.shown); what stands here is \(Self.form)", at: member.node)
      return nil
    }
    if found.value != 0, found.name.trimmingCharacters(in: .whitespaces).lowercased() == "ignore" {
      refuse(
        "labels",
        "\"\(found.name)\" (\(found.value)) is nnU-Net's label for voxels that nobody has annotated, and would be"
          + " learnt as a structure here: set these voxels to 0 (they then count as background) or leave their cases"
          + " out, and take it out of labels",
        at: member.node)
      return nil
    }
    return found
  }
}

extension LabelMap {
  /// The structures of an nnU-Net `dataset.json`.
  package static func read(datasetJSON file: URL) throws(DatasetErrors) -> LabelMap {
    var (problems, notices): ([DatasetProblem], [DatasetNotice]) = ([], [])
    let labels = NNUNetMetadata.read(file, cases: 0, problems: &problems, notices: &notices)
    guard problems.isEmpty, let labels else { throw DatasetErrors(problems) }
    return labels
  }
}
