import Foundation
import JSON

/// nnU-Net's `dataset.json`: channels, labels by name (version 2) or by number (version 1), background 0.
///
/// A region (a name with a list of numbers) is a merged structure; regions that overlap are refused by name, because a
/// voxel is learnt as one structure only. `ignore` names the voxels that nobody has annotated.
struct NNUNetMetadata {
  private let file: URL
  private var problems: [DatasetProblem] = []
  private var whole: JSONNode?
  /// The numbers of the channels that are read; the first alone where the file says nothing usable.
  private(set) var channels = [0]
  /// What the file calls them; empty where it does not.
  private(set) var channelNames: [String] = []
  /// What the number 0 is called, if not background.
  private var zeros: [String] = []

  /// Reads the file; what is wrong with it is told with the labels.
  init(_ file: URL, channels choice: ChannelChoice) {
    self.file = file
    whole = document()
    if let whole { checkImages(whole, choice) }
  }

  /// The label map; nil when the file is unusable, which is then among the problems.
  ///
  /// - Parameter cases: the names of those that were found, to compare with `numTraining` and with the list of version 1.
  func labels(
    cases names: [String], takesBare: Bool = false, problems: inout [DatasetProblem], notices: inout [DatasetNotice]
  ) -> LabelMap? {
    var reader = self
    defer { problems += reader.problems }
    guard let whole else { return nil }
    let (cases, lost) = (names.count, lost(from: whole, names))
    if !lost.isEmpty { notices.append(.lostCases(file: file.path, names: lost)) }
    if let claimed = whole["numTraining"], cases > 0 {
      if case .number(let number) = claimed.content, let number = Int(exactly: number) {
        if number != cases, lost.isEmpty {
          notices.append(.claimedCases(file: file.path, claimed: number, found: cases))
        }
      } else {
        notices.append(.noCount(file: file.path, shown: claimed.shown, found: cases))
      }
    }
    guard reader.problems.isEmpty else { return nil }
    let map = reader.labels(whole, takesBare: takesBare)
    if !reader.zeros.isEmpty { notices.append(.structureZero(file: file.path, names: reader.zeros)) }
    return map
  }

  /// Cases of the list "training", as version 1 of nnU-Net has it, that are not there; none where it names most of them
  /// otherwise.
  private func lost(from whole: JSONNode, _ names: [String]) -> [String] {
    guard case .array(let elements)? = whole["training"]?.content else { return [] }
    let listed = elements.compactMap { $0["image"]?.text ?? $0.text }.map {
      VolumeList.caseName(of: URL(fileURLWithPath: "/" + $0))
    }
    let known = Set(names)
    let lost = listed.filter { !known.contains($0) }
    return 2 * lost.count < listed.count ? lost : []
  }

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
      let list = whole.labelsOfList.map { "; names of labels stand in one: {\"labels\": \($0)}" } ?? ""
      refuse("content", "is not a JSON object" + list, at: whole)
    } catch {
      problems.append(
        .badMetadata(
          file: "\(file.path):\(error.place.line):\(error.place.column)", field: "content", reason: error.fault.words))
    }
    return nil
  }

  /// What it says of its images: channels that are there, in files that are read.
  private mutating func checkImages(_ whole: JSONNode, _ choice: ChannelChoice) {
    let name = whole["channel_names"] == nil ? "modality" : "channel_names"
    let known = ChannelList(whole[name]?.content)
    switch known.numbers(of: choice) {
    case .success(let numbers):
      channels = numbers
      if let names = known.names { channelNames = numbers.map { names[$0] } }
    case .failure(let refusal):
      let addition = refusal.missing.map { number in
        "; if its files (NAME\(ChannelList.suffix(number)).nii.gz) are there, name it here too, as \"\(number)\": \"T1\""
      }
      refuse(name, refusal.reason + (addition ?? ""), at: whole[name])
    }
    // Some write it without the first dot.
    if let ending = whole["file_ending"]?.text, !["nii", "nii.gz"].contains(where: { ending.hasSuffix($0) }) {
      refuse("file_ending", "\(ending) is not NIfTI; convert the dataset to .nii.gz", at: whole["file_ending"])
    }
  }

  private static let form =
    "an object of names and whole numbers, or lists of them, such as {\"background\": 0, \"L1\": 1, \"discs\": [2, 3]}"

  /// Other words for background that datasets are published with.
  private static let voids: Set = [
    "bg", "none", "void", "empty", "clear label", "unlabeled", "unlabelled", "other", "air",
  ]

  /// A member of `labels`: its name and its numbers.
  private struct Label {
    var name: String
    var values: [Int]
    var node: JSONNode
    var isBackground: Bool { name.trimmingCharacters(in: .whitespaces).lowercased() == "background" }
    var isIgnore: Bool { name.trimmingCharacters(in: .whitespaces).lowercased() == "ignore" && values != [0] }
  }

  private mutating func labels(_ whole: JSONNode, takesBare: Bool) -> LabelMap? {
    guard let node = whole["labels"] ?? (takesBare && whole.isBareLabels ? whole : nil) else {
      refuse("labels", "is missing, which says what the numbers of the masks mean; write \(Self.form)", at: whole)
      return nil
    }
    guard case .object(let members) = node.content else {
      refuse("labels", "is not \(Self.form)" + (node.labelsOfList.map { "; here: \($0)" } ?? ""), at: node)
      return nil
    }
    var labels: [Label] = []
    for member in members { if let one = label(member) { labels.append(one) } }
    guard problems.isEmpty else { return nil }
    if let named = labels.first(where: { $0.isBackground && $0.values != [0] }) {
      let zero = labels.first { $0.values == [0] && !$0.isBackground }.map { ", and \"\($0.name)\" 0" } ?? ""
      refuse(
        "labels",
        named.values.contains(0)
          ? "\"\(named.name)\" is \(named.node.shown), and here it is 0 alone; to leave numbers out, write 0, and name all labels in"
            + " dataset.labels of the experiment, with \"background\": \(named.node.shown)"
          : "\"\(named.name)\" is \(named.node.shown)\(zero); 0 is background in every mask: give the structure its"
            + " number in the masks, and write \"\(named.name)\": 0", at: named.node)
    }
    zeros = labels.filter { $0.values == [0] && !$0.isBackground && !Self.voids.contains($0.name.lowercased()) }.map(
      \.name)
    let ignored = labels.filter(\.isIgnore)
    let structures = labels.filter { !$0.isIgnore && $0.values != [0] }
    for one in ignored where one.values.count > 1 || ignored.count > 1 {
      refuse("labels", "\"\(one.name)\" is one number, that of voxels which nobody has annotated", at: one.node)
    }
    let written = numbersToWrite(whole["regions_class_order"], structures)
    guard problems.isEmpty else { return nil }
    guard !structures.isEmpty else {
      refuse(
        "labels",
        "names no structure beside background; name each number of the masks, such as {\"background\": 0, \"L1\": 1}",
        at: node)
      return nil
    }
    let map = Self.map(structures, written, ignore: ignored.first?.values[0])
    for problem in map.problems { refuse("labels", problem, at: node) }
    return problems.isEmpty ? map : nil
  }

  /// - Parameter written: the number of each that predictions hold.
  private static func map(_ structures: [Label], _ written: [Int], ignore: Int? = nil) -> LabelMap {
    LabelMap(
      structures: zip(structures, written).map { one, value in
        LabelMap.Structure(name: one.name, value: value, others: one.values.filter { $0 != value })
      }.sorted { ($0.value, $0.name) < ($1.value, $1.name) }, ignore: ignore)
  }

  private mutating func label(_ member: JSONMember) -> Label? {
    switch member.node.content {
    case .number(let number):
      if let value = Int(exactly: number) { return Label(name: member.key, values: [value], node: member.node) }
    // Version 1 has it the other way round: {"0": "background"}.
    case .string(let name):
      if let value = Int(member.key) { return Label(name: name, values: [value], node: member.node) }
    case .array(let elements):
      let values = elements.compactMap { element -> Int? in
        if case .number(let number) = element.content { Int(exactly: number) } else { nil }
      }
      if !values.isEmpty, values.count == elements.count {
        return Label(name: member.key, values: values, node: member.node)
      }
    default: break
    }
    if let number = member.node.text.flatMap({ Int($0) }) {
      refuse(
        "labels", "\"\(member.key)\" is a text; numbers stand without quotes: \"\(member.key)\": \(number)",
        at: member.node)
      return nil
    }
    if let listed = member.node.numbersInText {
      refuse(
        "labels", "\"\(member.key)\" is a text; several numbers are a list of them: \"\(member.key)\": \(listed)",
        at: member.node)
      return nil
    }
    refuse("labels", "\"\(member.key)\" is \(member.node.shown); what stands here is \(Self.form)", at: member.node)
    return nil
  }

  /// The number that stands for each structure in predicted masks: as `regions_class_order` says, else its first.
  private mutating func numbersToWrite(_ order: JSONNode?, _ structures: [Label]) -> [Int] {
    let first = structures.map { $0.values[0] }
    // Of regions that overlap, that alone is told: which numbers they are to have would be asked in vain.
    let least = structures.map { $0.values.min() ?? $0.values[0] }
    guard let order, structures.contains(where: { $0.values.count > 1 }) else { return first }
    guard Self.map(structures, least).overlaps.isEmpty else { return least }
    guard case .array(let elements) = order.content, elements.count == structures.count else {
      refuse(
        "regions_class_order", "is not a list of \(structures.count) numbers, one for each name in labels", at: order)
      return first
    }
    return zip(structures, elements).map { structure, element in
      if case .number(let number) = element.content, let value = Int(exactly: number), structure.values.contains(value)
      {
        return value
      }
      refuse(
        "regions_class_order",
        "\(element.shown) stands for \"\(structure.name)\", which is \(structure.node.shown); write a number of each name's own, such"
          + " as [\(first.map(String.init).joined(separator: ", "))]", at: element)
      return structure.values[0]
    }
  }
}

extension JSONNode {
  /// The object that a list of names, each in the place of its number, stands for; nil for all else.
  fileprivate var labelsOfList: String? {
    guard case .array(let elements) = content, !elements.isEmpty else { return nil }
    let names = elements.compactMap(\.text)
    guard names.count == elements.count else { return nil }
    let first = names[0].lowercased() == "background" ? 0 : 1
    let members = names.enumerated().map { "\(CanonicalJSON.quoted($1)): \($0 + first)" }
    return "{\((first == 0 ? members : ["\"background\": 0"] + members).joined(separator: ", "))}"
  }
}

extension JSONNode {
  /// Whether it is what stands under "labels" elsewhere: an object of names and numbers, either way round.
  fileprivate var isBareLabels: Bool {
    guard case .object(let members) = content else { return false }
    return !members.isEmpty
      && members.allSatisfy { member in
        switch member.node.content {
        case .number(let number): Int(exactly: number) != nil
        case .string: Int(member.key) != nil
        case .array(let elements): elements.allSatisfy { if case .number = $0.content { true } else { false } }
        default: false
        }
      }
  }
}

extension LabelMap {
  /// The structures of an nnU-Net `dataset.json`, or of a file that holds its labels alone.
  package static func read(datasetJSON file: URL) throws(DatasetErrors) -> LabelMap {
    var (problems, notices): ([DatasetProblem], [DatasetNotice]) = ([], [])
    let labels = NNUNetMetadata(file, channels: .all).labels(
      cases: [], takesBare: true, problems: &problems, notices: &notices)
    guard problems.isEmpty, let labels else { throw DatasetErrors(problems) }
    return labels
  }
}
