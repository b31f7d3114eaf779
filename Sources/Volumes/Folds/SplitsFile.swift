import Foundation
import System
import JSON

/// nnU-Net's `splits_final.json`: a list of `{"train": [...], "val": [...]}`, one for each fold.
package enum SplitsFile {
  package static let name = "splits_final.json"

  /// Folds as they are counted here.
  static func counted(_ folds: [Int]) -> String {
    "fold\(folds.count == 1 ? "" : "s") \(folds.map(String.init).joined(separator: ", "))"
  }

  /// The same with the numbers by which nnU-Net knows them.
  package static func named(_ folds: [Int]) -> String {
    "\(counted(folds)) (nnU-Net's \(counted(folds.map { $0 - 1 })))"
  }

  /// What stands in it.
  struct Content {
    var splits: [Split] = []
    /// Of each fold, the cases under `test`, which is no part of nnU-Net's form; nil where there is no list of names.
    var tests: [[String]?] = []
    /// The names of the parts of folds that are not folds' own.
    var unread: [String] = []
  }

  static func readIfPresent(in folder: URL, problems: inout [DatasetProblem]) -> Content? {
    let file = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: file.path) else {
      // Of one that was not fetched: other folds would be drawn in its place.
      problems += DeadLink(at: file).map { [.deadLink(file: file.path, $0)] } ?? []
      return nil
    }
    do { return try readAll(file) } catch {
      problems += error.problems
      return nil
    }
  }

  /// Lists in a folder that are called much like the file, be they packed, and no pickles; and whether each would do in its place, as one of
  /// folds of these cases.
  static func misnamed(in folder: URL, of cases: [String]) -> [(file: URL, isOne: Bool)] {
    let names = ((try? VolumeFolder.names(in: folder)) ?? []).filter {
      $0.lowercased().contains("split") && $0 != Self.name && !$0.contains(/\.(pkl|pickle)/.ignoresCase())
    }
    return names.map { folder.appendingPathComponent($0) }.compactMap { file in
      let start = (try? Descriptor.contents(of: file, limit: 64)) ?? Data()
      let isPacked = start.starts(with: [0x1F, 0x8B])
      let isList = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "[")
      guard isPacked || isList else { return nil }
      let found = Set(((try? read(file)) ?? []).flatMap { $0.train + $0.val })
      let isOne = !found.isEmpty && found.isSubset(of: cases)
      let isText = file.lastPathComponent.contains(/\.(json|txt)/.ignoresCase())
      return isOne || isText ? (file, isOne) : nil
    }
  }

  package static func read(_ file: URL) throws(DatasetErrors) -> [Split] { try readAll(file).splits }

  private static func readAll(_ file: URL) throws(DatasetErrors) -> Content {
    let data: Data
    do { data = try VolumeFolder.content(of: file) } catch { throw DatasetErrors([error]) }
    guard !data.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
      throw DatasetErrors([.badSplits(file: file.path, reason: "is empty; write folds as \(form), or remove it")])
    }
    let whole: JSONNode
    do throws(JSONSyntaxError) { whole = try JSONParser.parse(Array(data), origin: .file(file.path)) } catch {
      let place = "\(file.path):\(error.place.line):\(error.place.column)"
      throw DatasetErrors([.badSplits(file: place, reason: error.fault.words)])
    }
    guard case .array(let folds) = whole.content else { throw refusal(file, whole) }
    guard !folds.isEmpty else { throw refusal(file, whole, "holds no folds; write them as \(form), or remove it") }
    var content = Content()
    for (index, fold) in folds.enumerated() {
      guard case .object(let members) = fold.content else { throw refusal(file, fold) }
      let keys = members.map(\.key)
      let train = try part("train", keys, of: fold, number: index + 1, in: file)
      let val = try part("val", keys, of: fold, number: index + 1, in: file)
      content.splits.append(Split(train: train, val: val))
      for key in keys where !["train", "val"].contains(key) && !content.unread.contains(key) {
        content.unread.append(key)
      }
      content.tests.append(names(fold["test"]))
    }
    return content
  }

  private static func names(_ node: JSONNode?) -> [String]? {
    guard case .array(let elements)? = node?.content else { return nil }
    let names = elements.compactMap(\.text)
    return names.count == elements.count ? names : nil
  }

  /// The names under `train` or `val`.
  ///
  /// - Parameter keys: all that the fold has.
  private static func part(
    _ key: String, _ keys: [String], of fold: JSONNode, number: Int, in file: URL
  ) throws(DatasetErrors) -> [String] {
    guard let node = fold[key] else {
      let others = keys.filter { !["train", "val"].contains($0) }
      let hint = others.count == 1 ? "; rename \"\(others[0])\" to that, if it is meant" : ""
      throw refusal(file, fold, "\(named([number])) has no \"\(key)\"\(hint); folds are written as \(form)")
    }
    if let found = names(node) { return found }
    guard case .array(let elements) = node.content, let other = elements.first(where: { $0.text == nil }) else {
      throw refusal(file, node, "\"\(key)\" of \(named([number])) is no list of cases; folds are written as \(form)")
    }
    throw refusal(
      file, other,
      "\"\(key)\" of \(named([number])) holds \(other.shown), and names of cases in quotes are wanted, as \(form)")
  }

  package static let form = #"[{"train": ["case", ...], "val": ["case", ...]}, ...]"#

  private static func refusal(_ file: URL, _ node: JSONNode, _ reason: String? = nil) -> DatasetErrors {
    let place = "\(file.path):\(node.place.line):\(node.place.column)"
    return DatasetErrors([.badSplits(file: place, reason: reason ?? "is not a list of folds in the form \(form)")])
  }

  /// Writes what nnU-Net needs to train the same folds: its `val` is the fold's validation and test cases together.
  ///
  /// Makes the folder that is missing, and writes nothing when the same folds are there.
  package static func write(_ folds: [Fold], in folder: URL) throws {
    let file = folder.appendingPathComponent(name)
    let splits = folds.map { fold in
      Split(
        train: fold.train.sorted(by: naturallyPrecedes),
        val: (fold.validation + fold.test).sorted(by: naturallyPrecedes))
    }
    let data = try IndentedJSON.data(splits)
    do throws(SystemError) {
      try Folder.create(folder)
      let lock = FolderLock(folder)
      defer { lock.release() }
      lock.removeOrphans()
      if (try? Descriptor.contents(of: file)) != data { try AtomicFile.write(data, to: file) }
    } catch {
      throw NIfTIError.refusedBySystem(file: file.path, reason: error.reason, remedy: error.remedy)
    }
  }
}
