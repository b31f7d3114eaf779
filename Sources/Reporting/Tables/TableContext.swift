import Metrics
import Text

/// What every table needs: the input, the options, and rows, columns and cells made from them.
package struct TableContext {
  let input: ReportInput
  let options: ReportOptions

  /// By variant: what every table asks for.
  private let dice: [String: ScoredVariant]

  package init(input: ReportInput, options: ReportOptions) {
    (self.input, self.options) = (input, options)
    dice = Dictionary(input.variants.map { ($0.name, ScoredVariant($0, .dice, input)) }) { first, _ in first }
  }

  func scored(_ variant: ReportInput.Variant, _ metric: Metric) -> ScoredVariant {
    (metric.heading == Metric.dice.heading ? dice[variant.name] : nil) ?? ScoredVariant(variant, metric, input)
  }

  var allStructures: [Int] { Array(input.structures.indices) }

  /// The mean over one fold's test cases; "missing" until the fold has finished.
  func cell(_ variant: ReportInput.Variant, fold: Int, _ metric: Metric, _ format: NumberFormat) -> Cell {
    let runs = variant.finished.filter { $0.fold == fold }
    let average = self.average(scored(variant, metric).cases.filter { $0.fold == fold }, allStructures)
    let shown = options.deviation == .cases ? average.sample.deviation : nil
    let cell = self.cell(
      average, deviation: shown, runs: runs, statistic: statistic(over: options.unit, shown), format)
    return variant.imported?.coverage(fold: fold).map { cell.covering($0) } ?? cell
  }

  /// The mean over everything a variant has finished: pooled cases, or fold means, as the options say.
  func cell(
    _ variant: ReportInput.Variant, _ metric: Metric, structures: [Int], _ format: NumberFormat
  ) -> Cell {
    if options.deviation == .folds { return foldMeanCell(variant, metric, structures: structures, format) }
    let average = self.average(scored(variant, metric).cases, structures)
    let statistic = self.statistic(over: options.unit + ", all finished folds pooled", average.sample.deviation)
    return covering(
      variant, cell(average, deviation: average.sample.deviation, runs: variant.finished, statistic: statistic, format))
  }

  /// The mean and deviation of the folds' means.
  func foldMeanCell(
    _ variant: ReportInput.Variant, _ metric: Metric, structures: [Int], _ format: NumberFormat
  ) -> Cell {
    let cases = scored(variant, metric).cases
    let folds = variant.finishedFolds.map { fold in
      (fold: fold, average: self.average(cases.filter { $0.fold == fold }, structures))
    }
    let average = Average(ofFolds: folds)
    let statistic = self.statistic(over: "fold means", average.sample.deviation)
    return covering(
      variant, cell(average, deviation: average.sample.deviation, runs: variant.finished, statistic: statistic, format))
  }

  private func average(_ cases: [ScoredCase], _ structures: [Int]) -> Average {
    Average(of: cases, structures: structures.map { ($0, input.structures[$0]) }, options.averaging)
  }

  private func statistic(over what: String, _ deviation: Double?) -> String {
    (deviation == nil ? "mean over " : "mean ± standard deviation (n − 1) over ") + what
  }

  private func cell(
    _ average: Average, deviation: Double?, runs: [ReportInput.Run], statistic: String, _ format: NumberFormat
  ) -> Cell {
    guard let mean = average.sample.mean else { return Cell(.missing) }
    let source = Source(
      statistic, count: average.sample.count, runs: runs.map(\.identity), contributions: average.contributions)
    return Cell(.number(Number(mean, deviation: deviation, format)), source: source)
  }

  /// Says so when a mean does not cover every planned fold, with every seed.
  func covering(_ variant: ReportInput.Variant, _ cell: Cell) -> Cell {
    let planned = input.folds.count * variant.seeds.count
    guard case .number(var number) = cell.content else { return cell }
    if let partial = variant.imported?.coverage {
      number.coverage = partial
    } else if variant.finished.count < planned {
      number.coverage = "\(variant.finished.count)/\(planned) \(variant.hasSeveralSeeds ? "runs" : "folds")"
    } else {
      return cell
    }
    var cell = cell
    cell.content = .number(number)
    return cell
  }
}

extension TableContext {
  /// "Test cases per fold: 34, 34, 35": what n is.
  var caseCounts: String {
    let counts = input.folds.map { fold in
      range(of: input.variants.compactMap { $0.run(fold: fold)?.evaluations?.count })
    }
    return counts.joined(separator: ", ")
  }

  /// "5 folds"; "2 of 5 folds" where no method has finished the others.
  var foldCount: String {
    let begun = input.folds.count { fold in input.rows.contains { $0.finished.contains { $0.fold == fold } } }
    return (begun == input.folds.count ? "" : "\(begun) of ") + Quantity.of(input.folds.count, "fold")
  }

  /// "16 test cases": those behind a variant's pooled mean.
  var pooledCases: String {
    let counts = range(of: input.variants.filter { !$0.finished.isEmpty }.map { scored($0, .dice).cases.count })
    return "\(counts) test \(counts == "1" ? "case" : "cases")"
  }

  /// One sentence per variant that has not finished: which folds, and of which seeds where it has several, are in which state.
  var unfinished: [String] {
    input.rows.compactMap { variant in
      let open = variant.seeds.compactMap { seed in unfinished(variant, seed: seed).map { (seed: seed, folds: $0) } }
      guard !open.isEmpty else { return nil }
      // Seeds of which the same is missing are told together.
      let kinds = open.map(\.folds).distinct
      let words = kinds.map { folds in
        guard variant.hasSeveralSeeds else { return folds }
        let seeds = open.filter { $0.folds == folds }.map { "\($0.seed)" }
        return "seed\(seeds.count == 1 ? "" : "s") \(seeds.joined(separator: ", ")): \(folds)"
      }
      return "\(variant.name) is incomplete: \(words.joined(separator: "; "))."
    }
  }

  /// "folds 2, 3 queued; fold 4 failed"; nil where all have finished.
  private func unfinished(_ variant: ReportInput.Variant, seed: UInt64) -> String? {
    let runs = variant.runs.filter { $0.seed == seed || !variant.hasSeveralSeeds }
    let open = input.folds.filter { fold in runs.first { $0.fold == fold }?.evaluations == nil }
    let states = open.map { fold in runs.first { $0.fold == fold }?.state ?? "not planned" }
    let groups = states.distinct.map { state in
      let folds = zip(open, states).filter { $0.1 == state }.map { "\($0.0)" }
      return "fold\(folds.count == 1 ? "" : "s") \(folds.joined(separator: ", ")) \(state)"
    }
    return groups.isEmpty ? nil : groups.joined(separator: "; ")
  }

  /// Cases that no mean can hold, because no structure counts in them.
  var uncounted: [String] {
    input.rows.compactMap { variant in
      let cases = scored(variant, .dice).cases.filter { $0.mean(over: allStructures) == nil }.map(\.name)
      return cases.isEmpty ? nil : "\(variant.name): no structure counts in \(cases.joined(separator: ", "))."
    }
  }

  /// What the network's grid itself costs, and why scores are not on the images' own grid.
  var gridNotes: [String] {
    switch input.grid {
    case .network(let runs):
      return runs.map {
        [
          "Shown on the network's grid, as an earlier program scored only there: \($0.joined(separator: ", ")). To have"
            + " the images' own grid, remove them with `safnet runs remove NAME --yes` and give `safnet run` again."
        ]
      } ?? []
    case .image:
      // Every method has the same test cases.
      let ceilings = input.variants.first?.finished.flatMap { $0.ceiling ?? [] } ?? []
      let means = ceilings.compactMap { Sample($0.compactMap(\.self)).mean }
      guard let mean = Sample(means).mean, let worst = means.min() else { return [] }
      return [
        "Ceiling: the truth itself, taken to the network's grid and back, has a mean Dice of"
          + " \((100 * mean).fixed(2)) % (worst case \((100 * worst).fixed(2)) %); a method that is right on its grid has that."
      ]
    }
  }

  /// How the caption names a statistic that may or may not have a deviation.
  var pooledStatistic: String {
    switch options.deviation {
    case .cases: "mean ± standard deviation (n − 1) over all \(options.unit)"
    case .folds: "mean ± standard deviation (n − 1) of the fold means, each over its \(options.unit)"
    }
  }
}

extension TableContext {
  /// The rows of a table about methods, each followed by what was published of it.
  package func methods(quoting published: [PaperFigures.Row] = []) -> [RowItem<ReportInput.Variant>] {
    input.rows.flatMap { variant -> [RowItem<ReportInput.Variant>] in
      let quoted = PaperFigures.row(of: variant.name, in: published).map { [RowItem<ReportInput.Variant>.quoted($0)] }
      return [.own(variant, label: variant.name)] + (quoted ?? [])
    }
  }
}

extension Column where Item == ReportInput.Variant {
  /// A metric's mean over all structures.
  static func mean(
    of metric: Metric, _ context: TableContext, quoted: @escaping (PaperFigures.Row) -> Cell = { _ in Cell(.text("")) }
  ) -> Column {
    var column = Column(metric.heading, ranking: Ranking(metric.better), quoted: quoted) {
      context.cell($0, metric, structures: context.allStructures, .fixed(2))
    }
    column.evidence = context.evidence(metric)
    return column
  }
}
