import Experiments
import Foundation
import Metrics
import Networks
import Store
import System
import Training
import Volumes

/// `safnet predict`: the label map of one image, by a trained run.
package struct ImagePrediction {
  /// A run's name, its first letters, or its directory.
  package var run: String
  package var image: String
  package var output: String
  package var checkpoint = Predictor.Choice.best
  /// Nil: all cores.
  package var threads: Int?

  package init(run: String, image: String, output: String) {
    (self.run, self.image, self.output) = (run, image, output)
  }

  /// Writes the label map, which must not be there yet; returns what to say of it.
  ///
  /// - Parameter console: where it is warned of an image that is unlike those the network was trained on.
  package func write(in workspace: Workspace, engine: any Engine, console: (any Console)? = nil) throws -> String {
    let target = URL(fileURLWithPath: output)
    if FileManager.default.fileExists(atPath: target.path) { throw UsageError.outputExists(file: output) }
    let given = RunDirectory(URL(fileURLWithPath: run, isDirectory: true))
    let directory = given.exists ? given : try workspace.run(named: run)
    let predictor = try Predictor(
      run: directory, choice: checkpoint, engine: engine, threads: threads ?? Machine.current().cores)
    let home = directory.url.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent()
    let warnings = try predictor.predict(
      URL(fileURLWithPath: image), to: target, trainedFrom: Workspace(home).cacheFolder)
    for warning in warnings { console?.error("warning: \(warning)") }
    return "\(output): epoch \(predictor.epoch) of \(predictor.runName)"
  }
}

/// `safnet evaluate`: one label map against the truth.
package struct ImageEvaluation {
  /// Whose structures are meant.
  package enum Names {
    /// Those of a run.
    case run(String)
    /// Those that an experiment learns.
    case experiment(Specification)
    /// Those of an nnU-Net `dataset.json`.
    case file(String)
    /// Nobody's: every number in the files, under that name.
    case numbers
  }

  package let scores: CaseEvaluation
  package let structures: [String]
  /// What is odd though it can be scored.
  package let notices: [String]

  package init(prediction: String, truth: String, names: Names, in workspace: Workspace) throws {
    let outcome = try LabelMapComparison.evaluate(
      prediction: URL(fileURLWithPath: prediction), truth: URL(fileURLWithPath: truth),
      labels: Self.labels(names, in: workspace))
    (scores, structures) = (outcome.scores, outcome.labels.names)
    notices = [outcome.notice].compactMap(\.self)
  }

  private static func labels(_ names: Names, in workspace: Workspace) throws -> LabelMap? {
    switch names {
    case .run(let run): try workspace.run(named: run).plan().structures
    case .experiment(let specification):
      try specification.dataset.knownLabels
        ?? specification.labels(
          of: Dataset.open(specification.datasetRoot, layout: specification.dataset.layout))
    case .file(let file): try LabelMap.read(datasetJSON: URL(fileURLWithPath: file))
    case .numbers: nil
    }
  }

  package var text: String { EvaluationTable.lines(scores, structures: structures).joined(separator: "\n") }
}
