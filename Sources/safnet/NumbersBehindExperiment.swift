import Experiments
import Foundation
import Text
import Volumes
import Workbench

/// Folds and seeds that stand by themselves behind an experiment: `1 2`, `fold 1`, `2023`.
struct NumbersBehindExperiment {
  enum Found {
    /// With whether folds were counted from 0.
    case options([String], shifted: Bool)
    /// What is said of numbers that mean no such thing, or several.
    case words(String)
  }

  private let places: [Int]
  private let given: [String]
  private let file: String
  private let known: Specification?
  private let isAlone: Bool

  /// - Parameters:
  ///   - places: of the words in the command line.
  ///   - file: where the experiment stands in it.
  ///   - isAlone: whether no other word stands there; one number alone nnU-Net may count otherwise.
  init(_ places: [Int], of given: [String], _ file: Int, _ known: Specification?, isAlone: Bool) {
    (self.places, self.given, self.known, self.isAlone) = (places, given, known, isAlone)
    self.file = given[file]
  }

  /// Nil of words that are about neither.
  var found: Found? {
    let words = places.map { given[$0] }
    guard words.allSatisfy(Self.isList) else {
      guard let part = PartWords(words.joined(separator: " ")) else { return nil }
      return options(folds: part.folds, seeds: part.seeds)
    }
    let seeds = words.filter(isSeed)
    let folds = words.filter { !isSeed($0) }
    if isAlone, words.count == 1, seeds.isEmpty, let number = Int(words[0]) {
      return NNUNetNumber.fold(at: places[0], of: given, last: last).map(Found.words)
        ?? Found.words(range(besides: [number]))
    }
    return options(
      folds: folds.isEmpty ? nil : folds.joined(separator: ","),
      seeds: seeds.isEmpty ? nil : seeds.joined(separator: ","))
  }

  /// Whether a word is numbers and spans of them.
  static func isList(_ word: String) -> Bool { word.wholeMatch(of: /[0-9]+([-,][0-9]+)*/) != nil }

  private func options(folds: String?, seeds: String?) -> Found {
    let isFromZero = folds.map { Self.numbers($0).contains(0) } ?? false
    let counted = folds.map { isFromZero ? Self.shifted($0) : $0 }
    if let folds, let counted, Self.numbers(counted).contains(where: { $0 > last ?? Self.most }) {
      return .words(range(besides: Self.numbers(folds)))
    }
    let options = [("--folds", counted), ("--seeds", seeds)].flatMap { option, list in list.map { [option, $0] } ?? [] }
    return .options(options, shifted: isFromZero)
  }

  private static func numbers(_ list: String) -> [Int] { list.split { !$0.isNumber }.compactMap { Int($0) } }

  private static func shifted(_ list: String) -> String {
    list.replacing(/[0-9]+/) { match in Int(match.output).map { "\($0 + 1)" } ?? String(match.output) }
  }

  /// Seeds of the experiment; a number that may be a fold's is one.
  private func isSeed(_ word: String) -> Bool {
    guard let number = Int(word), number > last ?? NNUNetNumber.folds.upperBound else { return false }
    return seeds.contains(UInt64(number))
  }

  private var seeds: [UInt64] { known?.seededVariants.map(\.seed).distinct ?? [] }

  /// The number of the last fold, where the experiment alone says it.
  private var last: Int? {
    guard let known, known.folds.by == nil, known.folds.source != .file else { return nil }
    let splits = known.datasetRoot.appendingPathComponent(SplitsFile.name).path
    return known.folds.source == .automatic && FileManager.default.fileExists(atPath: splits) ? nil : known.folds.count
  }

  /// More folds than any dataset's own splits have.
  private static let most = 99

  /// What the experiment has, where it has none of these numbers.
  private func range(besides numbers: [Int]) -> String {
    let all = [
      last.map { "folds 1 to \($0), nnU-Net's 0 to \($0 - 1)" },
      seeds.isEmpty ? nil : (seeds.count == 1 ? "seed " : "seeds ") + seeds.map(String.init).joined(separator: ", "),
    ].compactMap(\.self)
    let has = all.isEmpty ? "" : "\(file) has \(all.joined(separator: ", and ")): "
    let others = numbers.filter { !NNUNetNumber.folds.contains($0) }.map(String.init).joined(separator: ",")
    return has + "--folds chooses among folds, --seeds among seeds"
      + (others.isEmpty ? "" : ", and others are trained with --set \(ShellWord.quoted("seeds=[\(others)]"))")
  }
}
