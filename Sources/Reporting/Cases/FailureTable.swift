import Metrics
import Text

/// A case of a method, as the table of failures shows it.
private struct Failure {
  let method: String
  let fold: Int
  let run: String
  let scores: CaseEvaluation
  let dice: Double
}

extension Table {
  /// Of each method, the cases with the lowest mean Dice, and what is wrong with them.
  static func failures(_ context: TableContext) -> Table {
    let input = context.input
    let spine = SpineLevels(names: input.structures)
    let failures = input.rows.flatMap { variant in
      worst(of: variant).enumerated().map { place, failure in
        RowItem.own(failure, label: failure.scores.name, startsSection: place == 0)
      }
    }
    return Table(
      .failures,
      caption:
        "The \(mostFailures) test cases of each method with the lowest mean Dice, \(input.grid.words). Missed: not a"
        + " voxel of a structure of the truth is predicted; invented: the truth does not hold it; names: with all predicted"
        + " levels moved by so many places most voxels are right, and the case has the Dice behind it; border: where none of"
        + " these is so, the structure with the largest 95th percentile of surface distances.",
      notes: context.unfinished + context.uncounted, rowTitle: "Case",
      columns: [
        Column("Method", alignment: .leading) { Cell(.text($0.method)) },
        Column("Fold", .fixed(0)) { Double($0.fold) },
        Column("Dice (%)") { failure in
          let source = Source(
            "mean Dice over the case's structures", count: failure.scores.dice.compactMap(\.self).count,
            runs: [failure.run])
          return Cell(.number(Number(100 * failure.dice, .fixed(2))), source: source)
        },
        Column("What is wrong", alignment: .leading) {
          Cell(.text(words($0.scores, input.structures, spine)))
        },
      ],
      rows: failures, marksSecond: false)
  }

  private static let mostFailures = 3

  /// The lowest first; of equal ones by name. A case in which nothing counts has no mean, and is in the notes.
  private static func worst(of variant: ReportInput.Variant) -> [Failure] {
    let all = variant.finished.flatMap { run in
      let name = variant.name + (variant.tellingSeed(of: run).map { ", seed \($0)" } ?? "")
      return (run.evaluations ?? []).compactMap { one in
        one.meanDice.map {
          Failure(method: name, fold: run.fold, run: run.identity, scores: one, dice: $0)
        }
      }
    }
    return Array(all.sorted { ($0.dice, $0.scores.name) < ($1.dice, $1.scores.name) }.prefix(mostFailures))
  }

  private static func words(_ one: CaseEvaluation, _ structures: [String], _ spine: SpineLevels) -> String {
    func names(_ indices: [Int]) -> String { indices.map { structures[$0] }.joined(separator: ", ") }
    var parts: [String] = []
    let faults = CaseFaults(one, spine: spine)
    if let words = faults.nameWords {
      parts.append("names \(words)" + (faults.diceOnceMoved.map { " (Dice \((100 * $0).fixed(2)))" } ?? ""))
    }
    if !faults.missed.isEmpty { parts.append("missed: \(names(faults.missed))") }
    if !faults.invented.isEmpty { parts.append("invented: \(names(faults.invented))") }
    guard parts.isEmpty else { return parts.joined(separator: "; ") }
    let far = structures.indices.compactMap { index in one.hausdorff95[index].map { (index, $0) } }
      .max { ($0.1, $1.0) < ($1.1, $0.0) }
    return far.map { "border: \(structures[$0.0]), HD95 \($0.1.fixed(2)) mm" } ?? "border"
  }
}
