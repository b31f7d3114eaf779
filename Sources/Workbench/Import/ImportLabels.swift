import Compute
import Foundation
import JSON
import Store
import System
import Volumes

/// What the numbers in imported maps mean, as classes of the experiment.
struct ImportLabels: Sendable {
  /// Number in a file to class; 0 is the background's.
  private(set) var classes: [Int: UInt8]
  private let names: [String]

  /// The experiment's own numbers.
  init(_ labels: LabelMap) {
    names = labels.names
    classes = Dictionary(uniqueKeysWithValues: labels.background.map { ($0, 0) })
    for (index, structure) in labels.structures.enumerated() {
      for value in structure.values { classes[value] = UInt8(index + 1) }
    }
  }

  /// As a file says: nnU-Net's `dataset.json`, or an object of names and numbers. The names are the experiment's
  /// structures; "background" may have several numbers.
  init(_ file: URL, for labels: LabelMap) throws(ImportProblems) {
    func refuse(_ reason: String) -> ImportProblems { ImportProblems([.badLabels(file: file.path, reason: reason)]) }
    guard FileManager.default.fileExists(atPath: file.path) else {
      let given = file.relativePath
      // What the file is to hold, in the place of its name.
      throw given.hasPrefix("{")
        ? ImportProblems([.badLabels(file: given, reason: "--labels is a file: write this into one, and give its name")]
        )
        : refuse("there is no such file. Give \(Self.form)")
    }
    if VolumeList.isFolder(file) {
      let inside = file.appending(path: "dataset.json")
      let isThere = FileManager.default.fileExists(atPath: inside.path)
      throw refuse("it is a folder. Give \(isThere ? inside.relativePath : Self.form)")
    }
    let whole: JSONNode
    do {
      whole = try JSONParser.parse(Array(try RegularFile.read(file, limit: 1 << 26)), origin: .file(file.path))
    } catch {
      let (place, reason) = ImportReading.failure(error, of: file)
      throw ImportProblems([.badLabels(file: place, reason: reason)])
    }
    if whole["labels"] == nil, whole["dataset"] != nil {
      throw refuse(
        "it is an experiment. Leave --labels out where the maps have the numbers of its dataset; else give \(Self.form)"
      )
    }
    guard case .object(let members) = (whole["labels"] ?? whole).content else {
      throw refuse("it is no object of names and numbers, such as {\"L5\": 1, \"L4\": 2}")
    }
    names = labels.names
    classes = [0: 0]
    let structures = members.map(Self.entry).filter { $0.name.lowercased() != "background" }
    if let words = StrangeStructures.words(structures, labels.names) { throw refuse(words) }
    for member in members {
      let (name, numbers) = Self.entry(member)
      let isBackground = name.lowercased() == "background"
      let index = names.firstIndex(of: name).map { $0 + 1 } ?? 0
      guard let numbers, isBackground || numbers.count == 1 else {
        throw refuse("\"\(name)\" has \(member.node.shown), and a structure has one whole number")
      }
      for number in numbers {
        guard classes[number] == nil || (number == 0 && index == 0) else {
          throw refuse("the number \(number) is given twice")
        }
        classes[number] = UInt8(index)
      }
    }
  }

  /// What --labels takes.
  private static let form = "a dataset.json, or a file with names and numbers, such as {\"L5\": 1, \"L4\": 2}"

  /// Version 1 of `dataset.json` has them the other way round: {"1": "L5"}.
  private static func entry(_ member: JSONMember) -> (name: String, numbers: [Int]?) {
    func number(_ node: JSONNode) -> Int? {
      if case .number(let value) = node.content { Int(exactly: value) } else { nil }
    }
    switch member.node.content {
    case .string(let name) where Int(member.key) != nil: return (name, Int(member.key).map { [$0] })
    case .array(let nodes):
      let numbers = nodes.compactMap(number)
      return (member.key, numbers.count == nodes.count ? numbers : nil)
    default: return (member.key, number(member.node).map { [$0] })
    }
  }

  /// Number to structure, as a record keeps it.
  var meanings: [Int: String] { classes.mapValues { $0 == 0 ? "background" : names[Int($0) - 1] } }

  /// Structures that no number stands for: the method cannot have predicted them.
  var unnumbered: [String] { names.indices.filter { !classes.values.contains(UInt8($0 + 1)) }.map { names[$0] } }

  /// Numbers of the maps that are background.
  var background: [Int] { classes.filter { $0.value == 0 }.map(\.key) }

  /// For each structure the number that stands for it in the maps, the experiment's own first; nil: none does.
  func numbers(for labels: LabelMap) -> [Int?] {
    labels.structures.enumerated().map { index, structure in
      let own = classes.filter { Int($0.value) == index + 1 }.keys
      return own.contains(structure.value) ? structure.value : own.min()
    }
  }

  /// More numbers without a meaning than this are grey values.
  private static let mostStrangers = 100

  /// The classes of a map's voxels.
  func grid(_ volume: Volume, file: String) throws(ImportProblem) -> Grid3<UInt8> {
    var known: [Double: UInt8] = [:]
    for (number, index) in classes { known[Double(number)] = index }
    var unknown: [Double: Int] = [:]
    let values = volume.grid.values.map { value -> UInt8 in
      if let found = known[value] { return found }
      unknown[value, default: 0] += 1
      return 0
    }
    if unknown.count > Self.mostStrangers || unknown.keys.contains(where: { $0 != $0.rounded() }) {
      throw .image(file: file, numbers: unknown.count)
    }
    guard unknown.isEmpty else {
      throw .unknownLabels(
        files: [file], values: unknown.keys.sorted(), voxels: unknown.values.reduce(0, +), known: classes.keys.sorted(),
        structures: names)
    }
    return Grid3(volume.grid.extent, values: values)
  }
}
