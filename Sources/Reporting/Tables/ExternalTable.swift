import Experiments
import Metrics
import Text

extension Table {
  /// What every row scored on cases that no run is trained on, beside its cross-validation.
  static func test(_ context: TableContext) -> Table {
    let test = context.input.test
    return Table(
      .test, caption: test.map { caption($0, context) } ?? "External test set.", notes: notes(test),
      rowTitle: "Method", columns: test.map { columns($0, context) } ?? [],
      rows: (test?.rows ?? []).map {
        .own($0, label: $0.name, startsSection: $0.predicted?.way == PredictionPlan())
      }, marksSecond: false)
  }

  private static func columns(
    _ test: ReportInput.ExternalTest, _ context: TableContext
  ) -> [Column<ReportInput.Variant>] {
    [crossValidation(context), Column("Networks", .fixed(0)) { Double($0.finished.count) }]
      + [mean(.dice, test), interval(test), spread(test), gain(test)]
      + [mean(.hausdorff95, test)] + tolerances(test).map { mean($0, test) } + [missed]
  }

  private static func crossValidation(_ context: TableContext) -> Column<ReportInput.Variant> {
    Column("Cross-validation (%)") { row in
      guard let own = context.input.variants.first(where: { $0.name == row.name }) else { return Cell(.text("")) }
      return context.cell(own, .dice, structures: context.allStructures, .fixed(2))
    }
  }

  private static func mean(_ metric: Metric, _ test: ReportInput.ExternalTest) -> Column<ReportInput.Variant> {
    Column("Test \(metric.heading)") { row in
      let scores = ExternalScores(row, metric, test)
      let sample = Sample(scores.sample.values)
      guard let mean = sample.mean else { return Cell(.missing) }
      let source = Source(
        "mean ± standard deviation (n − 1) over the cases of the external test set, each its mean over networks",
        count: sample.count, runs: scores.runs, contributions: scores.cases)
      return Cell(.number(Number(mean, deviation: sample.deviation, .fixed(2))), source: source)
    }
  }

  private static func interval(_ test: ReportInput.ExternalTest) -> Column<ReportInput.Variant> {
    Column("95 % of mean") { row in
      let scores = ExternalScores(row, .dice, test)
      return cell(scores.sample.studentInterval, .fixed(2), "t interval over cases", scores.sample, scores.runs)
    }
  }

  private static func spread(_ test: ReportInput.ExternalTest) -> Column<ReportInput.Variant> {
    Column("SD over networks") { row in
      let scores = ExternalScores(row, .dice, test)
      guard let deviation = Sample(scores.networks).deviation else { return Cell(.missing) }
      let source = Source(
        "standard deviation (n − 1) over networks of the mean over cases", count: scores.networks.count,
        runs: scores.runs)
      return Cell(.number(Number(deviation, .fixed(2))), source: source)
    }
  }

  /// Of a row that predicts otherwise than its variant's single networks do, less those.
  private static func gain(_ test: ReportInput.ExternalTest) -> Column<ReportInput.Variant> {
    Column("Gain, 95 %") { row in
      guard let way = row.predicted?.way, way != PredictionPlan(),
        let plain = test.rows.first(where: { $0.name == row.predicted?.variant })
      else { return Cell(.text("")) }
      let scores = ExternalScores(row, .dice, test)
      let sample = scores.difference(from: ExternalScores(plain, .dice, test), test)
      return cell(
        sample.studentInterval, .signed(2), "t interval over cases of the paired difference", sample, scores.runs)
    }
  }

  private static func cell(
    _ interval: Interval?, _ format: NumberFormat, _ statistic: String, _ sample: ClusteredSample, _ runs: [String]
  ) -> Cell {
    interval.map { Cell($0, format, source: Source(statistic, count: sample.values.count, runs: runs)) }
      ?? Cell(.missing)
  }

  private static var missed: Column<ReportInput.Variant> {
    Column("Missed") { row in
      let scores = row.finished.flatMap { $0.evaluations ?? [] }
      guard !scores.isEmpty else { return Cell(.missing) }
      let pairs = scores.flatMap { Array(zip($0.truthVoxels, $0.predictedVoxels)) }
      let source = Source(
        "structures of which nothing was found, over the predictions of all networks", count: scores.count,
        runs: row.finished.map(\.identity))
      return Cell(
        .number(Number(Double(pairs.count { $0.0 > 0 && $0.1 == 0 }), .fixed(0))), source: source)
    }
  }

  private static func tolerances(_ test: ReportInput.ExternalTest) -> [Metric] {
    let scores = test.rows.flatMap(\.finished).flatMap { $0.evaluations ?? [] }
    guard let first = scores.first?.elements?.tolerances,
      scores.allSatisfy({ $0.elements?.tolerances == first })
    else { return [] }
    return first.enumerated().map { .normalizedDice($0, tolerance: $1) }
  }

  private static func caption(_ test: ReportInput.ExternalTest, _ context: TableContext) -> String {
    "External test set: n = \(Quantity.of(test.cases.count, "case")) that no run was trained on, on each image's own grid, beside"
      + " cross-validation of the same networks (mean Dice). A case's score is its mean over the networks that predicted"
      + " it; ± standard deviation (n − 1) over cases; 95 % of mean: Student's t over cases; SD over networks: of their means"
      + " over cases. Gain: of a way of predicting over the mean of the variant's single networks, on the same cases, in"
      + " percentage points (95 %, t over cases, of these trained networks). Missed: structures of the truth of which nothing"
      + " was found, over the predictions of all networks."
      + (test.cases.count < 50 ? " n below 50: intervals are too narrow where scores are skewed." : "")
  }

  private static func notes(_ test: ReportInput.ExternalTest?) -> [String] {
    guard let test else { return ["The experiment has no test set: write \"test\" into its file."] }
    let open = test.rows.compactMap { row -> String? in
      let states = row.runs.map(\.state).filter { $0 != "finished" }
      guard !states.isEmpty || row.runs.isEmpty else { return nil }
      let words = states.distinct
      return "\(row.name) is incomplete: \(row.finished.count) of \(row.runs.count) tested"
        + (words.isEmpty ? "." : " (\(words.joined(separator: ", "))).")
    }
    let ways = test.rows.compactMap { row -> String? in
      guard let predicted = row.predicted, predicted.way != PredictionPlan() else { return nil }
      return "\(row.name): \(predicted.words)."
    }
    return open + ways + ["The test set is \(test.place), content \(test.digest.prefix(12))."]
  }
}
