import Experiments
import Metrics

extension ReportInput {
  /// Cases that no run is trained on, and what was scored on them.
  package struct ExternalTest: Equatable, Sendable {
    /// Where they lie.
    package var place: String
    /// SHA-256 over their names and contents.
    package var digest: String
    package var cases: [String]
    /// The patient of each case, for those with several cases.
    package var patients: [String: String]
    /// Of each variant: its runs, the ensemble of its folds, and both in every other way. A run here is what networks
    /// predicted of all the cases.
    package var rows: [Variant]

    package init(
      place: String, digest: String, cases: [String], patients: [String: String] = [:], rows: [Variant]
    ) {
      (self.place, self.digest, self.cases) = (place, digest, cases)
      (self.patients, self.rows) = (patients, rows)
    }
  }

  /// The same experiment with what its runs scored on the external test set in the place of cross-validation, for a file
  /// of its cases; nil where it has no such set.
  var ofTest: ReportInput? {
    guard let test else { return nil }
    var input = self
    (input.variants, input.patients, input.proposed, input.grid) = (test.rows, test.patients, nil, .image)
    return input
  }
}

/// What one row scored of one metric on the external test set.
struct ExternalScores {
  /// By case that counts: the mean over networks of its mean over structures.
  let cases: [Average.Contribution]
  /// The same, those of one patient together.
  let sample: ClusteredSample
  /// By network, or by ensemble: the mean over cases.
  let networks: [Double]
  let runs: [String]

  init(_ row: ReportInput.Variant, _ metric: Metric, _ test: ReportInput.ExternalTest) {
    let finished = row.finished
    let scores = finished.map { run in
      Dictionary(
        (run.evaluations ?? []).compactMap { one in
          Sample(metric.values(one).compactMap { $0.map { $0 * metric.scale } }).mean.map { (one.name, $0) }
        }, uniquingKeysWith: { first, _ in first })
    }
    cases = test.cases.compactMap { name in
      Sample(scores.compactMap { $0[name] }).mean.map { Average.Contribution(name: name, value: $0) }
    }
    sample = ClusteredSample(cases.map(\.value), groups: cases.map { one in test.patients[one.name] ?? one.name })
    networks = scores.compactMap { own in Sample(test.cases.compactMap { own[$0] }).mean }
    runs = finished.map(\.identity)
  }

  /// Case by case less another row's, of the cases that both have.
  func difference(from other: ExternalScores, _ test: ReportInput.ExternalTest) -> ClusteredSample {
    let known = Dictionary(other.cases.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let both = cases.compactMap { one in known[one.name].map { (one.name, one.value - $0) } }
    return ClusteredSample(both.map(\.1), groups: both.map { test.patients[$0.0] ?? $0.0 })
  }
}
