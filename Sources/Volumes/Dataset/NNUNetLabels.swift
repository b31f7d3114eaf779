import Foundation
import JSON

/// What nnU-Net's `dataset.json` calls the numbers of masks: by name (version 2) or by number (version 1), background 0.
///
/// A region (a name with a list of numbers) is a merged structure; regions that overlap are refused by name where they
/// are to learn, because a voxel is learnt as one structure only. `ignore` names the voxels that nobody has annotated.
struct NNUNetLabels {
  private let file: URL
  private(set) var problems: [DatasetProblem] = []
  /// What the number 0 is called, if not background.
  private(set) var zeros: [String] = []

  init(_ file: URL) { self.file = file }

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

  private mutating func refuse(_ field: String, _ reason: String, at node: JSONNode? = nil) {
    problems.append(.metadata(file, field, reason, at: node))
  }

  /// - Parameters:
  ///   - takesBare: whether the whole may be what stands under "labels" elsewhere.
  ///   - isLearnt: whether its structures are to learn; else they may overlap, as regions do.
  mutating func labelMap(of whole: JSONNode, takesBare: Bool, isLearnt: Bool) -> LabelMap? {
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
    let allowed = isLearnt ? [] : map.overlaps
    for problem in map.problems where !allowed.contains(problem) { refuse("labels", problem, at: node) }
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
  var labelsOfList: String? {
    guard case .array(let elements) = content, !elements.isEmpty else { return nil }
    let names = elements.compactMap(\.text)
    guard names.count == elements.count else { return nil }
    let first = names[0].lowercased() == "background" ? 0 : 1
    let members = names.enumerated().map { "\(CanonicalJSON.quoted($1)): \($0 + first)" }
    return "{\((first == 0 ? members : ["\"background\": 0"] + members).joined(separator: ", "))}"
  }

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

extension DatasetProblem {
  /// Of what stands at that place of a description.
  static func metadata(_ file: URL, _ field: String, _ reason: String, at node: JSONNode?) -> DatasetProblem {
    let place = node.map { ":\($0.place.line):\($0.place.column)" } ?? ""
    return .badMetadata(file: file.path + place, field: field, reason: reason)
  }
}
