import Compute
import Foundation
import Text

extension DatasetProblem {
  /// One line for each problem; those that differ by their file alone share a line, and so do masks with numbers that
  /// the label map does not know.
  package static func folded(_ problems: [DatasetProblem]) -> [String] {
    var files: [String: [String]] = [:]
    var order: [String] = []
    var wholes: [String: String] = [:]
    let strangers = Set(problems.flatMap(\.strangers)).sorted()
    var told: Set<String> = []
    for problem in problems {
      let (file, words) = problem.parts(strangers)
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

  private var strangers: [Int] { if case .unknownLabels(_, let values, _) = self { values } else { [] } }

  /// The file, and what is said of it, with all `strangers` where it is about numbers that the map does not know.
  private func parts(_ strangers: [Int]) -> (file: String, words: String) {
    switch self {
    case .unknownLabels(let file, _, let known):
      let all = DatasetProblem.unknownLabels(file: file, values: strangers, known: known).description
      return (file, String(all.dropFirst(file.count)))
    case .labelIsImage(let file, _), .filledMask(let file, _), .fractionalLabel(let file, _, _),
      .constantImage(let file, _),
      .nonFiniteVoxels(let file, _),
      .noStructure(let file), .unreadable(let file, _), .nothingThere(let file, _), .badName(_, let file),
      .misnamedImage(let file, _),
      .misnamedMask(let file),
      .missingChannel(_, _, let file):
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

  package init(_ problems: [DatasetProblem]) {
    precondition(!problems.isEmpty, "errors without a problem")
    self.problems = problems
  }

  package var description: String {
    let heading = problems.count == 1 ? [] : ["\(problems.count) problems in the dataset:"]
    return (heading + DatasetProblem.folded(problems)).joined(separator: "\n")
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
