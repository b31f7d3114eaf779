import Compute
import Foundation
import Metrics
import Reporting

/// Numbers of known distributions, the same in every run of the tests.
struct Draws {
  private var stream: RandomStream

  init(_ number: Int) { stream = RandomStream(seed: 20_261_127, purpose: .test, index: number) }

  mutating func uniform() -> Double { (Double(stream.nextUInt32()) + 0.5) * 0x1p-32 }

  /// Box and Muller.
  mutating func normal(_ deviation: Double) -> Double {
    deviation * (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  /// Marsaglia and Tsang 2000, for a shape of at least 1.
  private mutating func gamma(_ shape: Double) -> Double {
    let d = shape - 1 / 3.0
    while true {
      let x = normal(1)
      let v = 1 + x / (3 * d.squareRoot())
      guard v > 0 else { continue }
      let cube = v * v * v
      if log(uniform()) < 0.5 * x * x + d * (1 - cube + log(cube)) { return d * cube }
    }
  }

  mutating func beta(_ a: Double, _ b: Double) -> Double {
    let x = gamma(a)
    return x / (x + gamma(b))
  }
}

/// How Dice of one case is distributed, in percent.
enum Skew: String, CaseIterable {
  /// Beta(6.14, 2.43): the case means of 30 lumbar MRI, by maximum likelihood (PyTorch's twin, seed 2023); skewness −0.7.
  case lumbar
  /// Most cases Beta(35.7, 6.3), mean 85 and deviation 5.5; one in thirty fails, Beta(4.5, 4.5): skewness −3.
  case failures

  func draw(_ draws: inout Draws) -> Double {
    switch self {
    case .lumbar: 100 * draws.beta(6.14, 2.43)
    case .failures: 100 * (draws.uniform() < 1 / 30.0 ? draws.beta(4.5, 4.5) : draws.beta(35.7, 6.3))
    }
  }

  var mean: Double {
    switch self {
    case .lumbar: 100 * 6.14 / (6.14 + 2.43)
    case .failures: 100 * (0.5 / 30 + 29 / 30.0 * 35.7 / 42)
    }
  }
}

/// Five methods that are one network, trained with other seeds: whatever a table finds different is false.
///
/// A score is the case's own difficulty (0.8 of `Skew.lumbar`), what the training made of all cases (deviation
/// `seedDeviation` of a mean over five folds: a part that all folds of a seed share, and one of each trained network),
/// and what it made of this case (5 points, from the same 30 MRI with two seeds).
struct SimulatedStudy {
  static let methods = 5
  static let folds = 5

  var cases = 30
  var seeds: Int
  var seedDeviation: Double
  /// The part of the seeds' variance that all folds of a seed share, 0 to 1.
  var shared: Double
  /// What the last method is better by, in points.
  var effect = 0.0

  func input(_ number: Int) -> ReportInput {
    var draws = Draws(number)
    // Low enough that nearly no score is cut off at 100.
    let difficulty = (0..<cases).map { _ in 0.8 * Skew.lumbar.draw(&draws) }
    let variants = (0..<Self.methods).map { method in
      let runs = (0..<seeds).flatMap { seed -> [ReportInput.Run] in
        let common = draws.normal(seedDeviation * shared.squareRoot())
        return (1...Self.folds).map { fold in
          let own = draws.normal(seedDeviation * ((1 - shared) * Double(Self.folds)).squareRoot())
          let gain = common + own + (method == Self.methods - 1 ? effect : 0)
          let evaluations = stride(from: fold - 1, to: cases, by: Self.folds).map { index in
            let score = difficulty[index] + gain + draws.normal(5)
            return Fixture.evaluation("Case\(index)", dice: [min(1, max(0, score / 100))])
          }
          return ReportInput.Run(
            fold: fold, seed: UInt64(2023 + seed), identity: "\(method)-\(seed)-\(fold)", directory: "r",
            state: "finished", evaluations: evaluations)
        }
      }
      return ReportInput.Variant(name: "M\(method)", runs: runs)
    }
    return ReportInput(
      name: "null", title: "", structures: ["L1"], folds: Array(1...Self.folds), variants: variants, baseline: "M0",
      provenance: Fixture.provenance)
  }

  /// What a reader of Table 2 would call different: rows that are not told apart from the best carry a mark.
  func marks(_ input: ReportInput) -> Marks {
    let table = Report(input, ReportOptions(tables: [.ablation])).tables[0]
    let tests = (1..<Self.methods).compactMap { table.cell(row: "M\($0)", column: "p (Holm)")?.number?.value }
    let cells = (0..<Self.methods).compactMap { table.cell(row: "M\($0)", column: "Dice (%)") }
    return Marks(
      fromBaseline: tests.count { $0 < 0.05 }, ofTests: tests.count,
      fromBest: cells.count { $0.rank != .best && !$0.isUndecided })
  }
}

/// Differences that a table claims.
struct Marks {
  var fromBaseline, ofTests: Int
  var fromBest: Int

  var isAny: Bool { fromBaseline + fromBest > 0 }
}

/// What tables did before they knew seeds, and what else could be done with them; for comparison only.
struct OtherTests {
  /// Of every pair: Wilcoxon's test over cases at the first seed.
  let oldPairing: [Double]
  /// Of every pair: Nadeau and Bengio's corrected resampled t (2003) over folds and seeds, variance factor
  /// 1/J + n_test / n_train.
  let resampled: [Double]

  init(_ input: ReportInput) {
    let scores = input.variants.map { variant in
      Dictionary(grouping: variant.finished, by: \.seed).sorted { $0.key < $1.key }.map { _, runs in
        runs.sorted { $0.fold < $1.fold }.map { $0.evaluations!.map { $0.meanDice! * 100 } }
      }
    }
    let pairs = scores.indices.flatMap { high in (0..<high).map { (scores[high], scores[$0]) } }
    oldPairing = pairs.map { a, b in SignedRankTest(zip(a[0].joined(), b[0].joined()).map(-)).pValue }
    resampled = pairs.map { a, b in
      let differences = zip(a, b).flatMap { zip($0, $1).map { Sample($0).mean! - Sample($1).mean! } }
      let (sample, count) = (Sample(differences), Double(differences.count))
      let spread = sample.deviation! * (1 / count + 1 / Double(SimulatedStudy.folds - 1)).squareRoot()
      return 2 * StudentT(degrees: count - 1).tail(beyond: sample.mean! / spread)
    }
  }
}
