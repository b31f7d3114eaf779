import Metrics

/// What a reader of means must know, said where it matters: how much one seed shows, what bold and † mean, few cases.
extension TableContext {
  /// Only then can a table say something of methods instead of trained networks.
  var hasSeveralSeeds: Bool { input.rows.contains { $0.seeds.count > 1 } }

  func scores(_ variant: ReportInput.Variant, _ metric: Metric, structures: [Int]) -> MethodScores {
    MethodScores(scored(variant, metric), structures: structures)
  }

  /// For a column that ranks means over all structures; nil where nothing can be told of methods.
  func evidence(_ metric: Metric) -> ((ReportInput.Variant) -> MethodScores?)? {
    guard hasSeveralSeeds else { return nil }
    return { scores($0, metric, structures: allStructures) }
  }

  /// What marks mean; for captions, each with a space before it.
  var markWords: String {
    guard input.rows.count > 1 else { return "" }
    return hasSeveralSeeds
      ? " Bold: the best mean. †: a mean that the test over cases and seeds (5 %, Holm over all pairs of this table)"
        + " cannot tell from the best."
      : " Bold: the best mean of these trained networks; one seed cannot tell methods apart, so no difference is marked."
        + " For that, write \"seeds\": [2023, 2024, 2025] into the experiment's file and run it again."
  }

  /// The same of a table without a test, in which nothing is marked.
  var boldWords: String {
    guard input.rows.count > 1 else { return "" }
    return hasSeveralSeeds ? " Bold: the best; no difference is tested here." : markWords
  }

  /// That intervals of so few cases are to be read with care.
  var fewCases: String {
    let counts = input.rows.filter { !$0.finished.isEmpty }.map { scored($0, .dice).cases.count }
    guard let fewest = counts.min(), fewest < 50 else { return "" }
    return " n below 50: intervals are too narrow where scores are skewed."
  }

  /// Methods with one whole seed among others with several.
  var untested: [String] {
    guard hasSeveralSeeds else { return [] }
    let names = input.rows.filter { !$0.finished.isEmpty && $0.wholeSeeds(of: input.folds).count < 2 }.map(\.name)
    return names.isEmpty
      ? [] : ["Fewer than two seeds with every fold, so no test over seeds: \(names.joined(separator: ", "))."]
  }

  /// How far the means of single seeds lie apart; no column with one seed.
  var seedDeviation: [Column<ReportInput.Variant>] {
    guard hasSeveralSeeds else { return [] }
    return [
      Column("SD over seeds") { variant in
        let means = scores(variant, .dice, structures: allStructures).seedMeans
        guard let deviation = Sample(means).deviation else { return Cell(.missing) }
        let source = Source(
          "standard deviation (n − 1) over seeds of the mean over all cases", count: means.count,
          runs: variant.finished.map(\.identity))
        return Cell(.number(Number(deviation, .fixed(2))), source: source)
      }
    ]
  }
}
