import Metrics
import Reporting

/// Every test case of every finished run, by structure: one measure of them.
struct CasesView: Encodable, Sendable {
  let structures: [String]
  /// Those that there are.
  let measures: [Measure]
  let measure: Measure
  let cases: [Case]

  struct Measure: Encodable, Sendable {
    let name: String
    /// `1` is a share.
    let unit: String
    /// Whether the greatest value is the worst.
    let worstIsHigh: Bool
  }

  struct Case: Encodable, Sendable {
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
  init(_ report: Report, measure name: String?) {
    let input = report.input
    let runs = input.rows.flatMap { variant in variant.finished.map { (variant.name, $0) } }
    let tolerances = runs.lazy.compactMap { $0.1.evaluations?.first?.elements?.tolerances }.first ?? []
    let all = CaseMeasure.scores(tolerances: tolerances) + CaseMeasure.overlaps
    let chosen = all.first { $0.name == name } ?? all[0]
    structures = input.structures
    measures = all.map(Measure.init)
    measure = Measure(chosen)
    cases = runs.flatMap { variant, run in
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
