import Metrics
import Text
import Volumes

/// What the cases of an evaluation come to: means over cases, with their deviations and t intervals.
package struct EvaluationSummary: Encodable, Equatable, Sendable {
  package struct Structure: Encodable, Equatable, Sendable {
    package var name: String
    /// Over the cases in which it counts: nil in none.
    package var dice: MeanInterval?
    /// mm, over the cases in which truth and prediction both hold it: those in which it is missed have none.
    package var averageSurfaceDistance: MeanInterval?
    package var hausdorff95: MeanInterval?
    /// Cases whose truth holds it, and those of them in which nothing of it was found.
    package var present, missed: Int
    /// Cases in which it was found though the truth has none.
    package var invented: Int
  }

  package let cases: Int
  /// Of each case's mean Dice over its structures.
  package let meanDice: MeanInterval?
  package let panopticQuality: MeanInterval?
  package let structures: [Structure]
  /// True levels, and those of them that carry the right name at the right place; 0 where the structures are no levels.
  package let levels, identifiedLevels: Int
  /// Cases by how far their names are shifted, 0 included; empty where there are no levels.
  package let shifts: [Int: Int]
  /// Cases whose names lie in the reverse order: they are among no shifts.
  package let reversed: Int

  /// - Parameter structures: nil: those of the cases, in the order of their first.
  init(_ cases: [FolderEvaluation.Case], structures names: [String]?) {
    self.cases = cases.count
    meanDice = MeanInterval(cases.map(\.scores.meanDice))
    panopticQuality = MeanInterval(cases.map(\.scores.instances.panopticQuality))
    let found = names ?? Self.names(in: cases)
    structures = found.map { Structure($0, cases) }
    let scores = cases.compactMap { $0.scores.levels(of: SpineLevels(names: $0.structures)) }.filter { $0.levels > 0 }
    levels = scores.reduce(0) { $0 + $1.levels }
    identifiedLevels = scores.reduce(0) { $0 + $1.identified }
    let isReversed = { (one: LevelScores) in one.misnaming == .reversed }
    reversed = scores.count(where: isReversed)
    shifts = Dictionary(grouping: scores.filter { !isReversed($0) }.compactMap(\.shift)) { $0 }.mapValues(\.count)
  }

  private static func names(in cases: [FolderEvaluation.Case]) -> [String] {
    let all = Set(cases.flatMap(\.structures))
    // Numbers, where nobody names them.
    return all.sorted { (Int($0) ?? .max, $0) < (Int($1) ?? .max, $1) }
  }
}

extension EvaluationSummary.Structure {
  fileprivate init(_ name: String, _ cases: [FolderEvaluation.Case]) {
    let places = cases.compactMap { one in one.structures.firstIndex(of: name).map { (one.scores, $0) } }
    self.name = name
    dice = MeanInterval(places.map { $0.0.dice[$0.1] })
    averageSurfaceDistance = MeanInterval(places.map { $0.0.elements?.average[$0.1] })
    hausdorff95 = MeanInterval(places.map { $0.0.elements?.hausdorff95[$0.1] })
    present = places.count { $0.0.truthVoxels[$0.1] > 0 }
    missed = places.count { $0.0.truthVoxels[$0.1] > 0 && $0.0.predictedVoxels[$0.1] == 0 }
    invented = places.count { $0.0.truthVoxels[$0.1] == 0 && $0.0.predictedVoxels[$0.1] > 0 }
  }
}

extension FolderEvaluation {
  /// The failures that are shown; all of them are in the JSON.
  private static let shown = 10

  package var text: String {
    guard !cases.isEmpty else {
      return (["none of the \(unscored.count) pairs can be scored"] + unscoredLines).joined(separator: "\n")
    }
    return (tableLines + levelLines + failureLines + absenceLines).joined(separator: "\n")
  }

  private var tableLines: [String] {
    let head = ["structure", "Dice", "SD", "95 % interval", "n", "ASSD mm", "n", "HD95 mm", "missed", "invented"]
    func cells(_ name: String, _ dice: MeanInterval?) -> [String] {
      let share = { (value: Double?) in value.map { ($0 * 100).fixed(2) } ?? "" }
      let interval = dice.flatMap { one in one.lower.map { "\(share($0)) to \(share(one.upper))" } } ?? ""
      return [
        name, dice.map { $0.mean.percent } ?? "not counted", share(dice?.deviation), interval, "\(dice?.count ?? 0)",
      ]
    }
    let rows = summary.structures.map { one in
      cells(one.name, one.dice) + [
        one.averageSurfaceDistance?.mean.fixed(2) ?? "", "\(one.averageSurfaceDistance?.count ?? 0)",
        one.hausdorff95?.mean.fixed(2) ?? "", "\(one.missed) of \(one.present)", "\(one.invented)",
      ]
    }
    return AlignedTable.lines([head] + rows + [cells("mean of cases", summary.meanDice)]) + [
      "\(Quantity.of(cases.count, "case")); intervals are t intervals of the mean over cases; surface distances leave out what is missed"
    ]
  }

  private var levelLines: [String] {
    guard summary.levels > 0 else { return [] }
    let shifts = summary.shifts.sorted { $0.key < $1.key }.map { shift, count in
      shift == 0 ? "\(count) not shifted" : "\(count) by \(abs(shift)) towards the \(LevelScores.end(of: shift))"
    }
    let kinds = shifts + (summary.reversed > 0 ? ["\(summary.reversed) in the reverse order"] : [])
    let cases =
      kinds.isEmpty
      ? "in no case does a predicted level lie on a true one" : "cases: \(kinds.joined(separator: ", "))"
    return ["\(summary.identifiedLevels) of \(Quantity.of(summary.levels, "level")) identified; \(cases)"]
  }

  private var failureLines: [String] {
    let failures = failures
    guard !failures.isEmpty else { return ["no failures"] }
    let rows = failures.prefix(Self.shown).map { one in
      [one.name, one.scores.meanDice?.percent ?? "", one.failures.joined(separator: "; ")]
    }
    let rest = failures.count - rows.count
    return ["", "\(failures.count) of \(Quantity.of(cases.count, "case")) failed in part, the worst first:"]
      + AlignedTable.lines(rows)
      + (rest > 0 ? ["and \(rest) more (--json has all)"] : [])
  }

  private var absenceLines: [String] {
    func line(_ words: String, _ names: [String]) -> [String] {
      names.isEmpty
        ? []
        : [
          "\(names.count) \(words): \(names.prefix(10).joined(separator: ", "))"
            + (names.count > 10 ? " and \(names.count - 10) more" : "")
        ]
    }
    let empty = cases.filter { $0.scores.meanDice == nil }.map(\.name)
    return line("without a structure in prediction and truth, in no mean above (no structure counts)", empty)
      + line("without a prediction, in no number above", missing) + line("without a truth, not scored", extra)
      + unscoredLines
  }

  /// One line for each kind of problem: it is told of the first case that has it, and the others are named.
  private var unscoredLines: [String] {
    var kinds: [(words: String, cases: [Unscored])] = []
    for one in unscored {
      let words = one.problem.replacing(one.name, with: "").filter { !$0.isNumber }
      if let known = kinds.firstIndex(where: { $0.words == words }) {
        kinds[known].cases.append(one)
      } else {
        kinds.append((words, [one]))
      }
    }
    return kinds.map { kind in
      let others = kind.cases.dropFirst().map(\.name)
      return "\(kind.cases[0].name) is not scored: \(kind.cases[0].problem)"
        + (others.isEmpty ? "" : " The same of \(DatasetNotice.shortList(others)).")
    }
  }
}
