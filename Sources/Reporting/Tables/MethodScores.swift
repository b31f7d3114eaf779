import Metrics

/// What one method scored of one metric, structure by structure; read once for the many tables that ask for it.
struct ScoredVariant {
  struct Case: Hashable {
    let fold: Int
    let name: String
    /// The case itself, where a patient has one only.
    let patient: String
  }

  /// The means over seeds.
  let cases: [ScoredCase]
  /// Of the same cases.
  let keys: [Case]
  /// Of each seed that has finished every fold, by case.
  let seeds: [[ScoredCase?]]

  init(_ variant: ReportInput.Variant, _ metric: Metric, _ input: ReportInput) {
    cases = variant.cases(metric)
    keys = cases.map { Self.key($0, input) }
    let places = Dictionary(zip(keys, keys.indices)) { first, _ in first }
    let byRun = Dictionary(grouping: variant.casesOfRuns(metric), by: \.run)
    seeds = variant.wholeSeeds(of: input.folds).map { [cases] seed in
      var values = [ScoredCase?](repeating: nil, count: cases.count)
      for run in variant.finished where run.seed == seed {
        for one in byRun[run.identity] ?? [] { places[Self.key(one, input)].map { values[$0] = one } }
      }
      return values
    }
  }

  private static func key(_ scored: ScoredCase, _ input: ReportInput) -> Case {
    Case(fold: scored.fold, name: scored.name, patient: input.patient(of: scored.name))
  }
}

extension ReportInput.Variant {
  /// The seeds that have finished every one of these folds.
  func wholeSeeds(of folds: [Int]) -> [UInt64] {
    seeds.filter { seed in Set(finished.filter { $0.seed == seed }.map(\.fold)).isSuperset(of: folds) }
  }
}

/// What one method scored, ready to be compared with another: of each case the mean over seeds, of each seed all cases.
struct MethodScores {
  let cases: [ScoredVariant.Case]
  /// By case; nil where no structure counts.
  let means: [Double?]
  /// Of each seed that has finished every fold, by case.
  let seeds: [[Double?]]

  init(_ scored: ScoredVariant, structures: [Int]) {
    cases = scored.keys
    means = scored.cases.map { $0.mean(over: structures) }
    seeds = scored.seeds.map { $0.map { $0?.mean(over: structures) } }
  }

  /// The mean over the cases that have one, and how it varies over them.
  var sample: ClusteredSample {
    let counted = zip(cases, means).compactMap { one, mean in mean.map { (one, $0) } }
    return ClusteredSample(counted.map(\.1), groups: counted.map(\.0.patient))
  }

  /// By seed, over all cases.
  var seedMeans: [Double] { seeds.compactMap { Sample($0.compactMap(\.self)).mean } }

  /// The mean of the method, over cases and seeds; nil below two of either.
  var estimate: CrossedEstimate? { CrossedEstimate(sample, seedMeans: [seedMeans]) }
}

/// Two methods on the same cases.
struct MethodPair {
  /// First minus second, of each case in which both have a mean.
  let differences: [Average.Contribution]
  let sample: ClusteredSample
  /// The methods' difference, over cases and seeds; nil where one of them has fewer than two whole seeds.
  let estimate: CrossedEstimate?

  /// Nil unless both were tested on the same cases.
  init?(_ first: MethodScores, _ second: MethodScores) {
    guard let places = Self.places(of: first.cases, in: second) else { return nil }
    let both = first.cases.indices.compactMap { index in
      first.means[index].flatMap { own in second.means[places[index]].map { (index, own - $0) } }
    }
    differences = both.map { Average.Contribution(name: first.cases[$0.0].name, value: $0.1) }
    sample = ClusteredSample(both.map(\.1), groups: both.map { first.cases[$0.0].patient })
    let indices = both.map(\.0)
    estimate = CrossedEstimate(
      sample,
      seedMeans: [
        first.seeds.compactMap { seed in Sample(indices.compactMap { seed[$0] }).mean },
        second.seeds.compactMap { seed in Sample(indices.compactMap { seed[places[$0]] }).mean },
      ])
  }

  /// Where the cases stand in the other's list.
  private static func places(of cases: [ScoredVariant.Case], in other: MethodScores) -> [Int]? {
    if cases == other.cases { return Array(cases.indices) }
    let known = Dictionary(zip(other.cases, other.cases.indices)) { first, _ in first }
    let places = cases.compactMap { known[$0] }
    return places.count == cases.count && cases.count == other.cases.count ? places : nil
  }
}
