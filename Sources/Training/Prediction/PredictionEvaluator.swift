import Compute
import Foundation
import Store
import Volumes

/// Scores what trained networks predict together, in whatever way, as a run's own test cases are scored.
///
/// Prepared cases are what `Predictor.input` makes of their images, so the label maps are those of `safnet predict`.
package struct PredictionEvaluator {
  package let predictor: Predictor
  package let source: any CaseSource
  /// Where the label maps go.
  package let predictions: URL

  package init(_ predictor: Predictor, source: any CaseSource, predictions: URL) {
    (self.predictor, self.source, self.predictions) = (predictor, source, predictions)
  }

  /// The cases in their order.
  ///
  /// Where only the largest pieces stay, the network's grid has those that stay on the image's own.
  ///
  /// - Parameter identity: of what is stored.
  package func run(_ cases: [String], identity: String) throws -> StoredEvaluation {
    let scoring = CaseScoring(plan: predictor.networks.plan, predictions: predictions)
    try scoring.prepareFolders()
    let scored = try cases.map { name in
      let (one, truth) = (try source.load(name), try source.truth(name))
      let steps = scoring.steps(truth)
      let prediction = try predictor.predict(one.channels, restoring: steps.restored)
      let seen = predictor.options.largestOnly.isEmpty ? prediction.seen : steps.labels(prediction.labels)
      return try scoring.score(seen, prediction.labels, of: one, truth)
    }
    return scoring.evaluation(scored, identity: identity)
  }
}
