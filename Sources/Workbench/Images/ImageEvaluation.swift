import Experiments
import Foundation
import Metrics
import Store
import System
import Training
import Volumes

/// `safnet evaluate`: one label map against the truth.
package struct ImageEvaluation {
  /// Whose structures are meant.
  package enum Names {
    /// Those of a run.
    case run(String)
    /// Those that an experiment learns.
    case experiment(Specification)
    /// Those of an nnU-Net `dataset.json`.
    case file(String)
    /// Nobody's: every number in the files, under that name.
    case numbers
  }

  package let scores: CaseEvaluation
  package let structures: [String]
  /// What is odd though it can be scored.
  package let notices: [String]
  /// Why the two may be exchanged, up to what to type then; nil where nothing hints at it.
  package let doubt: String?

  /// - Parameter force: whether what is surely exchanged, or of another case, is scored.
  /// - Throws: `ImageUsageError` where it is not.
  package init(prediction: String, truth: String, names: Names, force: Bool = false, in workspace: Workspace) throws {
    let order = GivenOrder(prediction, truth, force: force)
    if let refusal = order.refusal { throw refusal }
    let labels = try Self.labels(names, in: workspace)
    let outcome = try LabelMapComparison.evaluate(
      prediction: URL(fileURLWithPath: prediction), truth: URL(fileURLWithPath: truth), labels: labels)
    (scores, structures) = (outcome.scores, outcome.labels.names)
    let same = SameFiles(prediction, truth).words ?? (scores.isPerfect ? SameFiles.copyWords : nil)
    let numbers = OtherNumbers.words([(structures, scores)], labels: labels)
    let learnt = LearntCases(names, predictions: prediction, in: workspace).words(prediction, truth)
    doubt = order.doubt
    notices = [same].compactMap(\.self) + order.notices + learnt + [outcome.notice, numbers].compactMap(\.self)
  }

  /// - Throws: `ImageUsageError` for the first of the paths where nothing is, or what names structures.
  package static func check(_ paths: [String], in workspace: Workspace) throws {
    guard let missing = paths.first(where: { !PredictionFiles.exists(URL(fileURLWithPath: $0)) }) else {
      for path in paths {
        if let names = NamesFile(path) { throw ImageUsageError.namesToScore(file: path, names) }
      }
      return
    }
    if let link = DeadLink(at: URL(fileURLWithPath: missing)) {
      throw DatasetErrors([.deadLink(file: URL(fileURLWithPath: missing).path, link)])
    }
    if let pattern = UnreadPattern(missing) { throw ImageUsageError.unreadPattern(pattern) }
    let isRun = try workspace.runNames().contains { $0.hasPrefix(missing) }
    throw ImageUsageError.nothingToScore(file: missing, isRun: isRun)
  }

  /// The structures that are meant; nil: those that the files hold.
  package static func labels(_ names: Names, in workspace: Workspace) throws -> LabelMap? {
    switch names {
    case .run(let run): try workspace.run(named: run).plan().structures
    case .experiment(let specification): try labels(of: specification)
    case .file(let file): try LabelNames.read(file)
    case .numbers: nil
    }
  }

  /// With the numbers that the dataset names and the experiment leaves out: they are background, as in training.
  private static func labels(of specification: Specification) throws -> LabelMap {
    let dataset: Dataset
    do { dataset = try specification.openDataset() } catch {
      // The dataset may be archived; what it names besides is then not known.
      guard let known = specification.dataset.knownLabels else { throw error }
      return known
    }
    let labels = try specification.labels(of: dataset)
    return labels.leavingOut(specification.leftOut(of: dataset, besides: labels))
  }

  package var text: String { EvaluationTable.lines(scores, structures: structures).joined(separator: "\n") }
}
