import Foundation
import Store
import System
import Volumes

/// A label map and what its place says of it, before it is read.
struct FoundMap: Equatable, Sendable {
  var file: URL
  /// From the folder that is imported.
  var path: String
  /// The case, or the file's stem where no list tells the case.
  var name: String
  /// The experiment's fold whose network made it; nil where that is not told.
  var fold: Int?
}

/// The label maps of a folder.
struct FoundMaps {
  var maps: [FoundMap] = []
  var origin: ImportRecord.Origin
  /// What was passed over.
  var notices: [String] = []
  /// A `dataset.json` that says what the numbers mean.
  var labels: URL?
  /// Folders in a folder of maps that hold some too, and are not looked into.
  var inside: String?
  /// What nnU-Net itself says of its maps.
  var summaries: [NNUNetSummary] = []

  /// Those that a list names, or all in the folder, each called after its case.
  static func predictions(in folder: URL, list: URL?, origin: ImportRecord.Origin) throws -> FoundMaps {
    if list == nil, let endings = CapitalEndings(in: folder) { throw ImportProblems([.capitalEndings(endings)]) }
    var found = FoundMaps(origin: origin)
    let names = try Folder.names(in: folder)
    let inside = list == nil ? FoldersInside(of: folder) : nil
    found.inside = inside?.words
    let stems = names.filter { !$0.hasPrefix(".") && NIfTIFiles.stem($0) != nil }
    if let list {
      found.maps = try listed(list, in: folder)
      let taken = Set(found.maps.map { $0.file.standardizedFileURL.path })
      let others = stems.filter { !taken.contains(folder.appending(path: $0).standardizedFileURL.path) }
      if !others.isEmpty {
        found.notices.append("\(list.lastPathComponent) does not name \(ImportProblem.short(others)): left out")
      }
    } else {
      found.maps = stems.compactMap { file in
        NIfTIFiles.stem(file).map { FoundMap(file: folder.appending(path: file), path: file, name: $0, fold: nil) }
      }
    }
    let told = Set(inside?.folders.map(\.name) ?? [])
    let rest = names.filter { !$0.hasPrefix(".") && NIfTIFiles.stem($0) == nil && !told.contains($0) }
    if !rest.isEmpty { found.notices.append("no label maps, left out: \(ImportProblem.short(rest))") }
    if let inside = found.inside { found.notices.append("folders in it are not looked into: \(inside)") }
    guard !found.maps.isEmpty else { throw ImportProblems([.noMaps(folder: folder.path, inside: found.inside)]) }
    if !found.maps.contains(where: { $0.fold != nil }) {
      found.notices.append(
        "which network made which map is not told (column fold of --cases), so that none has trained on its case is"
          + " believed, not checked")
    }
    return found
  }

  private static func listed(_ list: URL, in folder: URL) throws -> [FoundMap] {
    let rows: [PredictionList.Row]
    do { rows = try PredictionList.read(list) } catch let refusal as PredictionList.Refusal {
      throw ImportProblems([.badList(file: list.path, line: refusal.line, reason: refusal.reason)])
    }
    var problems: [ImportProblem] = []
    let maps = rows.compactMap { row -> FoundMap? in
      let bases = [folder, list.deletingLastPathComponent()]
      let candidates =
        row.file.hasPrefix("/") ? [URL(fileURLWithPath: row.file)] : bases.map { $0.appending(path: row.file) }
      guard let file = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
        problems.append(.noFile(file: row.file, list: list.path, line: row.line))
        return nil
      }
      return FoundMap(file: file, path: row.file, name: row.name, fold: row.fold)
    }
    guard problems.isEmpty else { throw ImportProblems(problems) }
    return maps
  }
}

/// Maps with their cases and folds.
struct MatchedMaps {
  /// By the fold's number, in the order of its test cases.
  private(set) var maps: [Int: [FoundMap]] = [:]
  /// Test cases without a map, by the fold's number.
  private(set) var missing: [Int: [String]] = [:]
  private(set) var notices: [String] = []

  /// - Throws: everything that is wrong with the files' places and names.
  init(_ found: FoundMaps, _ target: ImportTarget, isPartial: Bool, folder: URL) throws(ImportProblems) {
    let names = target.names
    if let image = Self.image(found.maps, target, names) {
      throw ImportProblems([.images(folder: folder.path, example: image.path, name: image.name)])
    }
    var problems: [ImportProblem] = []
    var (own, unscored): ([String: [FoundMap]], [String]) = ([:], [])
    for map in found.maps {
      var map = map
      guard let name = target.name(of: map.name, among: names) else {
        problems.append(.notOurs(file: map.path, name: map.name, nearest: map.name.nearest(in: names.sorted())))
        continue
      }
      map.name = name
      switch Self.place(of: map, target) {
      case .test(let fold):
        map.fold = fold
        own[name, default: []].append(map)
      case .unscored: unscored.append(name)
      case .problem(let problem): problems.append(problem)
      }
    }
    for (name, maps) in own.sorted(by: { naturallyPrecedes($0.key, $1.key) }) where maps.count > 1 {
      problems.append(.doubled(name: name, files: maps.map(\.path)))
    }
    for fold in target.folds {
      maps[fold.number] = fold.test.compactMap { own[$0]?.first }
      missing[fold.number] = fold.test.filter { own[$0] == nil }
    }
    let absent = missing.values.flatMap(\.self).sorted(by: naturallyPrecedes)
    if !isPartial, !absent.isEmpty {
      problems.append(.missing(cases: absent, folder: folder.path, inside: found.inside))
    }
    if isPartial, own.isEmpty, problems.isEmpty {
      problems.append(.noMaps(folder: folder.path, inside: found.inside))
    }
    guard problems.isEmpty else { throw ImportProblems(problems) }
    if !unscored.isEmpty {
      notices.append(
        "not scored, as this experiment tests no network on them: \(unscored.count) maps of"
          + " \(ImportProblem.short(unscored)) (cases that choose the checkpoint here)")
    }
  }

  /// Where every file is called as a channel of a case's image is: the first, with the case's name.
  private static func image(_ maps: [FoundMap], _ target: ImportTarget, _ names: Set<String>) -> FoundMap? {
    let cases = maps.map { map -> String? in
      guard target.name(of: map.name, among: names) == nil, map.name.wholeMatch(of: /.+_[0-9]{4}/) != nil else {
        return nil
      }
      return target.name(of: String(map.name.dropLast("_0000".count)), among: names)
    }
    guard var first = maps.first, let name = cases.first ?? nil, cases.allSatisfy({ $0 != nil }) else { return nil }
    first.name = name
    return first
  }

  private enum Place {
    case test(fold: Int)
    case unscored
    case problem(ImportProblem)
  }

  private static func place(of map: FoundMap, _ target: ImportTarget) -> Place {
    guard let number = map.fold else {
      return target.folds.first { $0.test.contains(map.name) }.map { .test(fold: $0.number) } ?? .unscored
    }
    guard let fold = target.fold(number) else {
      return .problem(.noFold(file: map.path, fold: number, known: target.folds.map(\.number)))
    }
    if fold.test.contains(map.name) { return .test(fold: number) }
    return fold.validation.contains(map.name)
      ? .unscored : .problem(.trainedOn(file: map.path, name: map.name, fold: number))
  }

  var isComplete: Bool { missing.values.allSatisfy(\.isEmpty) }
}
