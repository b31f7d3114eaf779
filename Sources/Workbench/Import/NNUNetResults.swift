import Experiments
import Foundation
import Store
import System
import Volumes

/// A results folder of nnU-Net v2, `TRAINER__PLANS__CONFIGURATION`:
///
///     dataset.json  plans.json  fold_K/validation/{CASE.nii.gz, summary.json}
///
/// `fold_K` holds what the network of fold K predicted of the cases that it did not train on. `splits_final.json` lies
/// with nnU-Net's preprocessed data; a copy in the folder, or one that is named, is read.
struct NNUNetResults {
  let folder: URL
  private let folds: [(number: Int, folder: URL)]

  /// - Parameter given: the folder itself, or that of the dataset when it holds one.
  init(_ given: URL) throws {
    var folder = given
    var found = try Self.folds(in: folder)
    if found.isEmpty {
      let names = try Folder.names(in: given)
      let inside = names.filter { $0.contains("__") }
      if inside.count == 1 {
        folder = given.appending(path: inside[0], directoryHint: .isDirectory)
        found = try Self.folds(in: folder)
      }
      if found.isEmpty, try Folder.names(in: folder).contains("fold_all") {
        throw ImportProblems([.onlyFoldAll(folder: folder.path)])
      }
      guard !found.isEmpty else {
        throw ImportProblems([.noResults(folder: given.path, inside: NearbyResults.of(given))])
      }
    }
    (self.folder, folds) = (folder, found)
  }

  static func folds(in folder: URL) throws -> [(number: Int, folder: URL)] {
    try Folder.names(in: folder).compactMap { name in
      guard name.hasPrefix("fold_"), let number = Int(name.dropFirst(5)) else { return nil }
      let validation = folder.appending(path: "\(name)/validation", directoryHint: .isDirectory)
      return FileManager.default.fileExists(atPath: validation.path) ? (number, validation) : nil
    }.sorted { $0.number < $1.number }
  }

  /// Its maps, each in the fold of the experiment that holds out the same cases.
  ///
  /// - Parameters:
  ///   - splits: `splits_final.json`; nil: the one in the folder, if there is one.
  ///   - version: nnU-Net's, which its results do not hold.
  func maps(_ target: ImportTarget, list: URL?, splits: URL?, origin: ImportRecord.Origin) throws -> FoundMaps {
    var found = FoundMaps(origin: described(origin))
    let named = try splits.map { try GivenSplits($0) }
    let splits = try named ?? ownSplits()
    let own = named.flatMap { _ in try? ownSplits() }
    if let named, let own, own.folds != named.folds {
      found.notices.append(
        "the folder's own splits_final.json has other folds: \(named.file.relativePath), which --splits names, was read in its"
          + " place")
    }
    found.notices += splits?.overlaps(in: folds.map(\.number)) ?? []
    if splits == nil {
      found.notices.append(
        "no splits_final.json: what each fold held out is told by its predictions, what it trained on by nothing")
    }
    let all = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    if all.contains("fold_all") { found.notices.append("fold_all is trained on all cases: left out") }
    let renamed = try list.map { try names($0) } ?? [:]
    var predicted: [Predicted] = []
    for fold in folds {
      var maps = try self.maps(in: fold, renamed: renamed)
      let number = Self.nearest(to: fold.number, maps.map(\.name), target)
      for index in maps.indices { maps[index].fold = number }
      predicted.append((fold, maps, number))
      found.maps += maps
      let summary = fold.folder.appending(path: "summary.json")
      if FileManager.default.fileExists(atPath: summary.path) {
        found.summaries.append(try NNUNetSummary(summary))
      } else {
        found.notices.append("fold_\(fold.number)/validation has no summary.json to compare with")
      }
    }
    try check(predicted, splits, isNamed: named != nil, orElse: own, target)
    let labels = folder.appending(path: "dataset.json")
    if FileManager.default.fileExists(atPath: labels.path) { found.labels = labels }
    return found
  }

  private func ownSplits() throws -> GivenSplits? {
    let file = folder.appending(path: SplitsFile.name)
    if let link = DeadLink(at: file) { throw DatasetErrors([.deadLink(file: file.path, link)]) }
    return FileManager.default.fileExists(atPath: file.path) ? try GivenSplits(file) : nil
  }

  private func maps(in fold: (number: Int, folder: URL), renamed: [String: String]) throws -> [FoundMap] {
    if let endings = CapitalEndings(in: fold.folder) { throw ImportProblems([.capitalEndings(endings)]) }
    return try Folder.names(in: fold.folder).compactMap { file in
      guard !file.hasPrefix("."), let stem = NIfTIFiles.stem(file) else { return nil }
      return FoundMap(
        file: fold.folder.appending(path: file), path: "fold_\(fold.number)/validation/\(file)",
        name: renamed[stem] ?? stem, fold: nil)
    }
  }

  /// What a list calls a file's case, by the file's stem.
  private func names(_ list: URL) throws -> [String: String] {
    do {
      let rows = try PredictionList.read(list).map { row in
        let name = URL(fileURLWithPath: row.file).lastPathComponent
        return (NIfTIFiles.stem(name) ?? name, row.name)
      }
      return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    } catch let refusal as PredictionList.Refusal {
      throw ImportProblems([.badList(file: list.path, line: refusal.line, reason: refusal.reason)])
    }
  }

  /// The experiment's fold that holds out most of the cases; of equal ones that of the same number (theirs from 0).
  private static func nearest(to theirs: Int, _ names: [String], _ target: ImportTarget) -> Int {
    let known = target.names
    let cases = Set(names.compactMap { target.name(of: $0, among: known) })
    func shared(_ fold: Fold) -> Int { cases.intersection(fold.validation + fold.test).count }
    let best = target.folds.map(shared).max() ?? 0
    let candidates = target.folds.filter { shared($0) == best }.map(\.number)
    return candidates.contains(theirs + 1) ? theirs + 1 : candidates.first ?? theirs + 1
  }

  /// A fold's folder, what lies in it, and the experiment's fold.
  private typealias Predicted = (fold: (number: Int, folder: URL), maps: [FoundMap], number: Int)

  /// - Parameter own: the folder's, where others were named.
  private func check(
    _ predicted: [Predicted], _ splits: GivenSplits?, isNamed: Bool, orElse own: GivenSplits?, _ target: ImportTarget
  ) throws(ImportProblems) {
    func problems(by splits: GivenSplits?) -> [ImportProblem] {
      predicted.flatMap { check($0.fold, $0.maps, splits, $0.number, target) }
    }
    let found = problems(by: splits)
    guard !found.isEmpty else { return }
    guard let splits, isNamed else { throw ImportProblems(found) }
    let other = foreignFold(predicted, splits, target)
    let leaks = other == nil ? found : []
    if let own, problems(by: own).isEmpty {
      throw ImportProblems([.ownSplitsFit(given: splits.file.relativePath, own: own.file.relativePath)] + leaks)
    }
    guard let other else { throw ImportProblems(leaks) }
    let written = (try? GivenSplits(target.splits)).flatMap { problems(by: $0).isEmpty ? $0 : nil }
    throw ImportProblems([
      .otherSplits(
        given: splits.file.relativePath, fold: other.fold, seen: other.seen, fitting: written?.file.relativePath)
    ])
  }

  /// The first fold that trains on most of what its results hold: then the splits are another network's. Of fewer cases
  /// each is a leak.
  private func foreignFold(
    _ predicted: [Predicted], _ splits: GivenSplits, _ target: ImportTarget
  ) -> (fold: Int, seen: [String])? {
    let known = target.names
    func resolved(_ names: [String]) -> [String] { names.map { target.name(of: $0, among: known) ?? $0 } }
    for one in predicted where splits.folds.indices.contains(one.fold.number) {
      let split = splits.folds[one.fold.number]
      let trained = Set(resolved(split.train)).subtracting(resolved(split.val))
      let seen = resolved(one.maps.map(\.name)).filter(trained.contains)
      if 2 * seen.count > one.maps.count { return (one.fold.number, seen.sorted(by: naturallyPrecedes)) }
    }
    return nil
  }

  private func check(
    _ fold: (number: Int, folder: URL), _ maps: [FoundMap], _ splits: GivenSplits?, _ number: Int,
    _ target: ImportTarget
  ) -> [ImportProblem] {
    guard let own = target.fold(number) else { return [] }
    let (known, heldOut) = (target.names, Set(own.validation + own.test))
    func resolved(_ names: [String]) -> [String] { names.map { target.name(of: $0, among: known) ?? $0 } }
    func problem(_ place: String, _ names: [String]) -> [ImportProblem] {
      let strangers = Set(resolved(names)).subtracting(heldOut).intersection(known).sorted(by: naturallyPrecedes)
      return strangers.isEmpty ? [] : [.otherSplit(place: place, fold: number, strangers: strangers)]
    }
    guard let splits else { return problem("fold_\(fold.number)/validation", maps.map(\.name)) }
    guard splits.folds.indices.contains(fold.number) else {
      let results = fold.folder.deletingLastPathComponent().path
      return [
        .noFoldInSplits(
          file: splits.file.relativePath, fold: fold.number, known: splits.folds.count, results: results)
      ]
    }
    let split = splits.folds[fold.number]
    let (seen, held) = (Set(resolved(split.train)), Set(resolved(split.val)))
    let leaks = maps.compactMap { map -> ImportProblem? in
      guard let name = target.name(of: map.name, among: known), seen.contains(name) else { return nil }
      return .leak(
        file: map.path, name: name, fold: fold.number, splits: splits.file.relativePath, isHeldOut: held.contains(name))
    }
    return leaks + problem("fold \(fold.number) of \(splits.file.relativePath)", split.val)
  }

  /// Trainer, plans and configuration, as the folder's name and `plans.json` tell them.
  private func described(_ origin: ImportRecord.Origin) -> ImportRecord.Origin {
    var origin = origin
    let parts = folder.lastPathComponent.components(separatedBy: "__")
    if parts.count == 3 {
      for (key, value) in zip(["trainer", "plans", "configuration"], parts) { origin.details[key] = value }
    }
    return origin
  }
}

/// The folds that the networks were trained on, and the file that says so.
private struct GivenSplits {
  let file: URL
  let folds: [Split]

  /// - Parameter place: the file, or the folder that holds it under its own name.
  init(_ place: URL) throws {
    let inner = place.appending(path: SplitsFile.name)
    file = FileManager.default.fileExists(atPath: inner.path) ? inner : place
    folds = try SplitsFile.read(file)
  }

  /// Cases that a network of these folds was trained on and chosen by. Those that it is tested on are refused.
  func overlaps(in numbers: [Int]) -> [String] {
    numbers.filter(folds.indices.contains).compactMap { number in
      let fold = folds[number]
      let both = Set(fold.train).intersection(fold.val).sorted(by: naturallyPrecedes)
      return both.isEmpty
        ? nil
        : "fold \(number) of \(file.relativePath) has \(ImportProblem.short(both)) in train and in val: nnU-Net chose this fold's"
          + " checkpoint by a case that it trains on"
    }
  }
}
