import Experiments
import Metrics
import Text

/// A score of every structure of a case: how tables head, scale and rank it.
package struct Metric: Sendable {
  let heading: String
  /// Stored shares are shown in percent, distances in mm.
  let scale: Double
  let better: Ranking.Better
  /// Of the scores on the network's grid, where the report's are on the images' own.
  var isOnNetworkGrid = false
  /// Per structure; nil: not counted.
  let values: @Sendable (CaseEvaluation) -> [Double?]

  package static let dice = Metric(heading: "Dice (%)", scale: 100, better: .higher) { $0.dice }
  /// Beside `dice`, for comparison with tables of programs that score the network's grid.
  static let networkGridDice = Metric(
    heading: "Network grid (%)", scale: 100, better: .higher, isOnNetworkGrid: true
  ) { $0.dice }
  package static let surfaceDistance = Metric(heading: "MSD (mm)", scale: 1, better: .lower) { $0.surfaceDistance }
  package static let hausdorff95 = Metric(heading: "HD95 (mm)", scale: 1, better: .lower) { $0.hausdorff95 }

  static let intersectionOverUnion = Metric(heading: "IoU (%)", scale: 100, better: .higher) {
    $0.intersectionOverUnion
  }
  static let precision = Metric(heading: "Precision (%)", scale: 100, better: .higher) { $0.precision }
  static let recall = Metric(heading: "Recall (%)", scale: 100, better: .higher) { $0.recall }
  /// Never ranked: it has a sign.
  static let volumeError = Metric(heading: "Volume error (%)", scale: 100, better: .lower) { $0.volumeError }

  /// With surface elements weighted by area (`SurfaceScores`).
  static let averageDistance = Metric(heading: "ASSD (mm)", scale: 1, better: .lower) { $0.elements?.average ?? [] }
  static let directedHausdorff95 = Metric(heading: "HD95 larger (mm)", scale: 1, better: .lower) {
    $0.elements?.hausdorff95 ?? []
  }
  static let hausdorff = Metric(heading: "HD (mm)", scale: 1, better: .lower) { $0.elements?.hausdorff ?? [] }

  /// Normalised surface Dice at the `index`-th stored tolerance.
  static func normalizedDice(_ index: Int, tolerance: Double) -> Metric {
    Metric(
      heading: "NSD \(tolerance.shown(2)) mm (%)", scale: 100, better: .higher
    ) {
      $0.elements.flatMap { $0.normalizedDice.indices.contains(index) ? $0.normalizedDice[index] : nil } ?? []
    }
  }

  /// The distances of the table of surfaces, by voxels counted alike.
  static let distances = [surfaceDistance, hausdorff95]
  /// The distances by area, where every score has them.
  static let weightedDistances = [averageDistance, directedHausdorff95, hausdorff]
}

/// One test case of one finished run, or of the runs with several seeds.
package struct ScoredCase: Equatable, Sendable {
  package var fold: Int
  /// The identity; of the first, where there are several.
  package var run: String
  package var name: String
  /// Per structure, scaled; nil: not counted. Of several seeds, the mean over those in which the structure counts.
  package var values: [Double?]

  package init(fold: Int, run: String, name: String, values: [Double?]) {
    (self.fold, self.run, self.name, self.values) = (fold, run, name, values)
  }

  /// The mean over the counted ones among `structures`; nil if none counts.
  package func mean(over structures: [Int]) -> Double? {
    Sample(structures.compactMap { values[$0] }).mean
  }
}

extension ReportInput.Variant {
  /// Every test case of every finished fold; with several seeds, its mean over those that have finished.
  package func cases(_ metric: Metric) -> [ScoredCase] {
    hasSeveralSeeds ? ScoredCase.meansOverSeeds(casesOfRuns(metric)) : casesOfRuns(metric)
  }

  /// Every test case of every finished run.
  package func casesOfRuns(_ metric: Metric) -> [ScoredCase] {
    finished.flatMap { run in
      ((metric.isOnNetworkGrid ? run.networkGrid : run.evaluations) ?? []).map { evaluation in
        let values = metric.values(evaluation).map { $0.map { $0 * metric.scale } }
        return ScoredCase(fold: run.fold, run: run.identity, name: evaluation.name, values: values)
      }
    }
  }
}

/// Cases and structures boiled down to one mean and one deviation, in the order asked for.
package struct Average: Equatable, Sendable {
  package let sample: Sample
  /// The numbers the sample consists of: a case's, a structure's or a fold's mean.
  package let contributions: [Contribution]

  package struct Contribution: Equatable, Sendable {
    package var name: String
    package var value: Double
  }

  /// - Parameter structures: the ones to average over, with their names.
  package init(of cases: [ScoredCase], structures: [(index: Int, name: String)], _ averaging: Averaging) {
    switch averaging {
    case .caseFirst:
      contributions = cases.compactMap { scored in
        scored.mean(over: structures.map(\.index)).map { Contribution(name: scored.name, value: $0) }
      }
    case .structureFirst:
      contributions = structures.compactMap { structure in
        Sample(cases.compactMap { $0.values[structure.index] }).mean
          .map { Contribution(name: structure.name, value: $0) }
      }
    }
    sample = Sample(contributions.map(\.value))
  }

  /// The mean and deviation of the folds' means.
  package init(ofFolds folds: [(fold: Int, average: Average)]) {
    contributions = folds.compactMap { fold, average in
      average.sample.mean.map { Contribution(name: "fold \(fold)", value: $0) }
    }
    sample = Sample(contributions.map(\.value))
  }
}
