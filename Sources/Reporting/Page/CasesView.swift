import Metrics

/// Every test case of every finished run, by structure: one measure of them.
package struct CasesView: Encodable, Sendable {
  let structures: [String]
  /// Those that there are.
  let measures: [Measure]
  let measure: Measure
  let cases: [Case]

  package struct Measure: Encodable, Sendable {
    let name: String
    /// `1` is a share.
    let unit: String
    /// Whether the greatest value is the worst.
    let worstIsHigh: Bool
  }

  package struct Case: Encodable, Sendable {
    let name: String
    let variant: String
    let fold: Int
    let seed: String
    let run: String
    /// By structure, as they are stored; nil: not counted.
    let values: [Double?]
    /// Over the structures that count.
    let mean: Double?
  }

  /// - Parameter name: of the measure; of one that there is not, Dice.
  package init(_ report: Report, measure name: String?) {
    let all = Self.measures(of: report)
    self.init(report, all.first { $0.name == name } ?? all[0], among: all)
  }

  /// One for each measure.
  static func all(_ report: Report) -> [CasesView] {
    let all = measures(of: report)
    return all.map { CasesView(report, $0, among: all) }
  }

  private static func measures(of report: Report) -> [CaseMeasure] {
    CaseScores.measures(report.input) + CaseMeasure.overlaps
  }

  private init(_ report: Report, _ chosen: CaseMeasure, among all: [CaseMeasure]) {
    structures = report.input.structures
    measures = all.map(Measure.init)
    measure = Measure(chosen)
    cases = report.input.rows.flatMap { variant in variant.finished.map { (variant.name, $0) } }.flatMap {
      variant, run in
      (run.evaluations ?? []).map { evaluation in
        let values = chosen.values(evaluation)
        return Case(
          name: evaluation.name, variant: variant, fold: run.fold, seed: "\(run.seed)", run: run.directory,
          values: values, mean: Metrics.mean(ofCounted: values))
      }
    }
  }
}

extension CasesView.Measure {
  fileprivate init(_ measure: CaseMeasure) {
    (name, unit) = (measure.name, measure.unit)
    worstIsHigh = measure.unit == "mm"
  }
}
