import Compute
import Foundation
import System
import Text

extension DatasetProblem {
  /// One line for each problem; those that differ by their file alone share a line, and so do masks with numbers that
  /// the label map does not know, and links to what is not there.
  package static func folded(_ problems: [DatasetProblem]) -> [String] {
    var files: [String: [String]] = [:]
    var order: [String] = []
    var wholes: [String: String] = [:]
    let shared = Shared(problems)
    var told: Set<String> = []
    for problem in problems {
      let (file, words) = problem.parts(shared)
      wholes[file + words] = problem.description
      guard told.insert(file + words).inserted else { continue }
      if files[words] == nil { order.append(words) }
      files[words, default: []].append(file)
    }
    return order.map { words in
      let named = (files[words] ?? []).filter { !$0.isEmpty }
      return named.isEmpty
        ? words
        : named.count == 1
          ? wholes[named[0] + words] ?? named[0] + words : "\(DatasetNotice.shortList(named, of: "files"))\(words)"
    }
  }

  /// What problems of one kind have in common beside their words.
  private struct Shared {
    /// Numbers that the label map does not know.
    private(set) var numbers: [Int] = []
    /// Which masks hold which of them; nil where all hold the same.
    private(set) var holders: String?
    /// How many masks hold any.
    private(set) var masks = 0
    /// The first dead link of each kind: such as lead to what is not there, and such as lead in a circle.
    private(set) var links: [Bool: DeadLink] = [:]

    init(_ problems: [DatasetProblem]) {
      var files: [Int: [String]] = [:]
      var lists: Set<[Int]> = []
      for problem in problems {
        if case .unknownLabels(let file, let values, _, _, _) = problem {
          lists.insert(values)
          masks += 1
          for value in values { files[value, default: []].append(file) }
        }
        if case .deadLink(_, let link) = problem { links[link.isCircle] = links[link.isCircle] ?? link }
      }
      numbers = files.keys.sorted()
      if lists.count > 1 { holders = Self.words(files) }
    }

    /// Numbers that the same masks hold together, those of the most masks first.
    private static func words(_ files: [Int: [String]]) -> String {
      let groups = Dictionary(grouping: files.keys.sorted()) { files[$0] ?? [] }
        .sorted { ($1.key.count, $0.value[0]) < ($0.key.count, $1.value[0]) }
      let shown = groups.prefix(5).map {
        "\(DatasetProblem.shownList($0.value)) in \(DatasetNotice.shortList($0.key, of: "files"))"
      }
      let rest = groups.dropFirst(5).flatMap(\.value).sorted()
      return shown.joined(separator: "; ") + (rest.isEmpty ? "" : "; \(DatasetProblem.shownList(rest)) in others")
    }
  }

  /// The file, and what is said of it; of numbers that the map does not know where they differ, all of it and no file.
  private func parts(_ shared: Shared) -> (file: String, words: String) {
    switch self {
    case .unknownLabels(_, _, let known, let names, let background) where shared.holders != nil:
      return (
        "",
        "\(shared.masks) masks hold the labels \(Self.shownList(shared.numbers)), which the label map does not know (it knows \(known)):"
          + " \(shared.holders ?? ""); \(Self.remedy(of: shared.numbers, known, names, background))"
      )
    case .deadLink(let file, let link):
      let first = shared.links[link.isCircle] ?? link
      let words = link.isCircle ? "links that lead in a circle" : "links to what is not there, such as \(first.target)"
      return (file, ": \(words); \(Self.remedy(of: first))")
    case .labelIsImage(let file, _), .filledMask(let file, _), .fractionalLabel(let file, _, _),
      .constantImage(let file, _),
      .nonFiniteVoxels(let file, _),
      .noStructure(let file), .unreadable(let file, _, _), .nothingThere(let file, _), .badName(_, let file),
      .misnamedImage(let file, _),
      .misnamedMask(let file), .unknownLabels(let file, _, _, _, _),
      .missingChannel(_, _, let file, _):
      return (file, String(description.dropFirst(file.count)))
    case .volume(let error): return (error.file, String(description.dropFirst(error.file.count)))
    case .exchanged(let image, let label):
      let folder = URL(fileURLWithPath: image).deletingLastPathComponent().path
      let all = description.dropFirst(label.count).replacingOccurrences(of: ", \(image),", with: " in \(folder)")
      let example = Self.exchange(image, label)
      let rule = Self.exchangeRule(image, label)
      return (
        label, all.replacingOccurrences(of: example, with: rule.map { "; where that is so of all cases: \($0)" } ?? "")
      )
    case .affinesDiffer(let image, let label, _, _), .shapesDiffer(let image, _, let label, _):
      // Of many masks their images are known.
      return (label, String(description.replacingOccurrences(of: " \(image)", with: "").dropFirst(label.count)))
    default: return ("", description)
    }
  }
}

/// Everything that is wrong with a dataset, in the order it was found.
package struct DatasetErrors: Error, Hashable, Sendable, CustomStringConvertible {
  package var problems: [DatasetProblem]
  /// The field of an experiment that names the dataset, with its place; nil where none is to be corrected.
  package var field: String?

  package init(_ problems: [DatasetProblem], field: String? = nil) {
    precondition(!problems.isEmpty, "errors without a problem")
    (self.problems, self.field) = (problems, field)
  }

  package var description: String {
    let heading = problems.count == 1 ? [] : ["\(problems.count) problems in the dataset:"]
    return (field.map { "\($0): " } ?? "") + (heading + DatasetProblem.folded(problems)).joined(separator: "\n")
  }

  /// All values, or all the errors.
  package static func collect<T>(_ results: [Result<T, DatasetErrors>]) throws(DatasetErrors) -> [T] {
    var values: [T] = []
    var problems: [DatasetProblem] = []
    for result in results {
      switch result {
      case .success(let value): values.append(value)
      case .failure(let errors): problems += errors.problems
      }
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    return values
  }
}
