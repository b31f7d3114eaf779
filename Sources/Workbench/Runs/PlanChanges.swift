import Experiments
import Foundation
import Store

/// In what finished runs differ from the ones that an experiment asks for in their places.
struct PlanChanges {
  /// Of a variant, a fold and a seed.
  struct Change {
    let variant: String
    let fold: Int
    /// Nil where the variant has no other.
    let seed: UInt64?
    let run: String
    let words: String
  }

  let changes: [Change]

  /// One line for each kind of difference: `SAFNet fold 1, 2; Base fold 1: training.epochs: was 2, is 3`.
  var lines: [String] {
    let kinds = changes.map(\.words).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return kinds.map { words in
      let own = changes.filter { $0.words == words }
      let rows = own.map { [$0.variant, $0.seed.map { "seed \($0)" } ?? ""] }
      let places = rows.reduce(into: [[String]]()) { if !$0.contains($1) { $0.append($1) } }.map { row in
        let folds = zip(own, rows).filter { $0.1 == row }.map { "\($0.0.fold)" }
        return (row.filter { !$0.isEmpty } + ["fold \(folds.joined(separator: ", "))"]).joined(separator: " ")
      }
      return "\(places.joined(separator: "; ")): \(words)"
    }
  }

  /// "2 finished runs are of earlier content:" and their lines; nothing when there is none.
  var text: String? {
    guard !changes.isEmpty else { return nil }
    let count = changes.count == 1 ? "1 finished run is" : "\(changes.count) finished runs are"
    return "\(count) of earlier content (was and is):\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }

  /// - Parameters:
  ///   - planned: what the experiment asks for.
  ///   - named: for a variant, a fold and a seed, the run that an earlier report held; else the finished run of the same network
  ///     and fold that differs least, among those that the experiment does not ask for.
  init(planned: [PlannedRun], in stored: StoredRuns, named: (PlannedRun) -> String? = { _ in nil }) {
    let asked = Set(planned.map(\.directoryName))
    let strangers = stored.runs.filter { $0.isFinished && !asked.contains($0.directory.name) }
    let finished = Set(stored.runs.filter(\.isFinished).map(\.directory.name))
    changes = planned.filter { !finished.contains($0.directoryName) }.compactMap { run in
      let name = named(run)
      let candidates = strangers.filter { stranger in
        name.map { stranger.directory.name == $0 }
          ?? (stranger.plan.fold.number == run.fold && stranger.plan.model == run.plan.model)
      }
      let nearest = candidates.map { ($0, differences(between: $0.plan, and: run.plan)) }.min {
        $0.1.count < $1.1.count
      }
      return nearest.map { earlier, differences in
        Change(
          variant: run.variant, fold: run.fold, seed: run.isOneOfSeveral ? run.seed : nil, run: earlier.directory.name,
          words: Self.words(differences))
      }
    }
  }

  /// Lists of cases follow from what else has changed.
  private static func words(_ differences: [PlanDifference]) -> String {
    let content = differences.contains { $0.path == "dataset.digest" } ? ["the images or masks of the dataset"] : []
    let others = differences.filter { $0.path != "dataset.digest" && !$0.path.hasPrefix("fold.") }.map(\.description)
    let cases = differences.contains { $0.path.hasPrefix("fold.") } && content.isEmpty ? ["the cases of the fold"] : []
    return (content + others + cases).joined(separator: "; ")
  }
}
