import Foundation
import Metrics
import System
import Text

/// `cases.csv`: every score that the tables rest on, one in a line (long form), for whoever wants to compute with them.
///
/// | column | content |
/// |---|---|
/// | `experiment`, `method`, `seed`, `fold`, `case`, `structure` | whose score it is; an imported method and an ensemble of seeds have none |
/// | `patient` | where the dataset says it; empty: this case's patient has no other, or is not known |
/// | `metric`, `unit` | as listed in `measures`; `1` is a share, 0 to 1 |
/// | `grid` | `image`: the image's own; `network`: the network's |
/// | `value` | in full: reading it back gives the same bits; empty where there is none |
/// | `truth_voxels`, `predicted_voxels` | of the structure, on that grid |
/// | `reason` | why there is no value |
package enum CaseScores {
  static let columns = [
    "experiment", "method", "seed", "fold", "case", "patient", "structure", "metric", "unit", "grid", "value",
    "truth_voxels",
    "predicted_voxels", "reason",
  ]

  /// The same of every case: those that one of the experiment's methods lacks have a reason there.
  static func measures(_ input: ReportInput) -> [CaseMeasure] {
    for variant in input.variants {
      let tolerances = variant.finished.lazy.compactMap { $0.evaluations?.first?.elements?.tolerances }
      if let first = tolerances.first { return CaseMeasure.scores(tolerances: first) }
    }
    return CaseMeasure.scores(tolerances: [])
  }

  /// A file of more lines is left out: no spreadsheet opens it.
  static let mostLines = 1_000_000

  /// Nil where the file would be too long.
  package static func text(_ input: ReportInput) -> String? {
    let measures = measures(input)
    let (own, network): (String, String?) = input.grid == .image ? ("image", "network") : ("network", nil)
    let cases = input.rows.reduce(0) { $0 + $1.finished.reduce(0) { $0 + ($1.evaluations?.count ?? 0) } }
    guard cases * input.structures.count * (measures.count + 1) <= mostLines else { return nil }
    let runs = input.rows.flatMap { variant in variant.finished.map { (variant, $0) } }
    // Hundreds of thousands of lines, those of each run by themselves.
    let texts = parallelMap(runs, workers: Machine.processors) { variant, run in
      var text = ""
      let hasSeed = variant.hasOwnSeeds || variant.predicted?.way.ensemble == .folds
      let seed = hasSeed ? "\(run.seed)" : ""
      let head = [CSV.name(input.name), CSV.name(variant.name), seed, "\(run.fold)"]
      for one in run.evaluations ?? [] { add(one, head, own, measures, input, to: &text) }
      guard let network else { return text }
      for one in run.networkGrid ?? [] { add(one, head, network, [measures[0]], input, to: &text) }
      return text
    }
    return line(columns) + texts.joined()
  }

  private static func add(
    _ one: CaseEvaluation, _ head: [String], _ grid: String, _ measures: [CaseMeasure], _ input: ReportInput,
    to text: inout String
  ) {
    // What is the same in many lines is put together once: there are hundreds of thousands.
    let first = fields(head + [CSV.name(one.name), CSV.name(input.patients[one.name] ?? "")])
    let structures = input.structures.map { CSV.escaped(CSV.name($0)) }
    for measure in measures {
      let values = measure.values(one)
      let middle = fields([measure.name, measure.unit, grid])
      for (index, structure) in structures.enumerated() {
        let value = values.indices.contains(index) ? values[index] : nil
        let reason = value == nil ? CSV.escaped(reason(one, index, isStored: !values.isEmpty)) : ""
        text += "\(first),\(structure),\(middle),"
        if let value { text += "\(value)" }
        text += ",\(one.truthVoxels[index]),\(one.predictedVoxels[index]),\(reason)\n"
      }
    }
  }

  private static func reason(_ one: CaseEvaluation, _ structure: Int, isStored: Bool) -> String {
    switch (one.truthVoxels[structure] > 0, one.predictedVoxels[structure] > 0) {
    case (false, false): "in neither truth nor prediction"
    case (true, false): "missed"
    case (false, true): "invented"
    case (true, true): isStored ? "not defined" : "not stored by the program that scored it"
    }
  }

  private static func line(_ list: [String]) -> String { fields(list) + "\n" }

  private static func fields(_ list: [String]) -> String { list.map(CSV.escaped).joined(separator: ",") }
}

/// `cases-wide.csv`: the mean Dice (0 to 1) of each case in a line and each method in a column, as tools that compare
/// methods take it. Of several seeds a case has the mean, as in the tables; empty where a method has no score of it.
package enum CaseColumns {
  private static let share = Metric(heading: "", scale: 1, better: .higher) { $0.dice }

  package static func text(_ input: ReportInput) -> String {
    var cases: [Key] = []
    var scores: [Key: [Int: Double]] = [:]
    let all = Array(input.structures.indices)
    for (column, variant) in input.rows.enumerated() {
      for one in variant.cases(share) {
        let key = Key(fold: one.fold, name: one.name)
        if scores[key] == nil { cases.append(key) }
        scores[key, default: [:]][column] = one.mean(over: all)
      }
    }
    let rows = cases.map { key in
      [CSV.name(key.name), "\(key.fold)"]
        + input.rows.indices.map { column in scores[key]?[column].map { "\($0)" } ?? "" }
    }
    let head = ["case", "fold"] + input.rows.map { CSV.name($0.name) }
    return ([head] + rows).map { $0.map(CSV.escaped).joined(separator: ",") + "\n" }.joined()
  }

  private struct Key: Hashable {
    let fold: Int
    let name: String
  }
}
