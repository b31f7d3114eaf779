import Foundation
import Metrics
import Store
import System
import Text
import Training
import Volumes

/// `safnet evaluate` of two folders: every case that both hold, what they come to together, and what went wrong.
package struct FolderEvaluation: Encodable {
  package struct Case: Encodable, Sendable {
    package var name: String
    /// Of the entries of `scores`.
    package var structures: [String]
    package var scores: CaseEvaluation
    /// Why the case is in the failure list; empty where it is not.
    package var failures: [String]
    /// What is odd though it can be scored.
    package var notice: String?
  }

  /// A pair that cannot be compared.
  package struct Unscored: Encodable, Equatable, Sendable {
    package var name: String
    package var problem: String
  }

  package let cases: [Case]
  package let unscored: [Unscored]
  /// Cases of the truth without a prediction, and of the predictions without a truth: they are in no number.
  package let missing, extra: [String]
  package let summary: EvaluationSummary

  /// - Parameters:
  ///   - labels: the structures; nil: every number in a pair's files, under that name.
  ///   - learnt: the networks that are scored, and what they learnt from; nil: nobody asks.
  ///   - force: whether what is surely exchanged is scored.
  ///   - console: where is said what is not taken, and how far it is.
  package init(
    predictions: String, truths: String, labels: LabelMap?, learnt: LearntCases? = nil, force: Bool = false,
    console: any Console
  ) throws {
    let order = GivenOrder(predictions, truths, force: force)
    if let refusal = order.refusal { throw refusal }
    let pairs = try CasePairs(
      predictions: URL(fileURLWithPath: predictions), truths: URL(fileURLWithPath: truths))
    for line in DatasetNotice.lines(pairs.notices) { console.error("note: \(line)") }
    let same = SameFiles(predictions, truths, pairs)
    let others = CaseMatch.words(pairs.pairs)
    let seen = learnt?.words(of: pairs.pairs) ?? []
    for words in [same.words].compactMap(\.self) + order.notices + [others].compactMap(\.self) + seen {
      console.error("warning: \(words)")
    }
    // A pair takes both maps twice, as read and as classes, and distances of one structure.
    let machine = Machine.current()
    let workers = max(1, min(machine.cores, machine.freeMemory >> 31))
    let results = parallelMap(pairs.pairs, workers: workers) { pair in
      Result { try Case(pair, labels: labels) }
    }
    var (cases, unscored): ([Case], [Unscored]) = ([], [])
    for (pair, result) in zip(pairs.pairs, results) {
      switch result {
      case .success(let one): cases.append(one)
      case .failure(let error): unscored.append(Unscored(name: pair.name, problem: "\(error)"))
      }
    }
    if same.words == nil, !cases.isEmpty, cases.allSatisfy(\.scores.isPerfect) {
      console.error("warning: \(SameFiles.copyWords)")
    }
    if let words = OtherNumbers.words(cases.map { ($0.structures, $0.scores) }, labels: labels) {
      console.error("warning: \(words)")
    }
    (self.cases, self.unscored) = (cases, unscored)
    (missing, extra) = (pairs.missing, pairs.extra)
    summary = EvaluationSummary(cases, structures: labels?.names)
  }

  /// Whether every pair could be compared and no prediction is missing.
  package var isComplete: Bool { unscored.isEmpty && missing.isEmpty }

  /// The cases with a failure, the worst mean Dice first; those of which nothing counts come first.
  package var failures: [Case] {
    cases.filter { !$0.failures.isEmpty }.sorted {
      ($0.scores.meanDice ?? -1, $0.name) < ($1.scores.meanDice ?? -1, $1.name)
    }
  }
}

extension FolderEvaluation.Case {
  fileprivate init(_ pair: CasePairs.Pair, labels: LabelMap?) throws {
    let outcome = try LabelMapComparison.evaluate(prediction: pair.prediction, truth: pair.truth, labels: labels)
    (name, structures, scores, notice) = (pair.name, outcome.labels.names, outcome.scores, outcome.notice)
    scores.name = pair.name
    failures = FailureReasons.of(scores, structures: structures, cut: outcome.cut)
  }
}
