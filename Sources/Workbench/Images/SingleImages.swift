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
  package func write(in workspace: Workspace, engine: any Engine) throws -> String {
    let target = URL(fileURLWithPath: output)
    if FileManager.default.fileExists(atPath: target.path) { throw UsageError.outputExists(file: output) }
    let given = RunDirectory(URL(fileURLWithPath: run, isDirectory: true))
    let predictor = try Predictor(
      run: given.exists ? given : workspace.run(named: run), choice: checkpoint, engine: engine,
      threads: threads ?? Machine.current().cores)
    try predictor.predict(URL(fileURLWithPath: image), to: target)
    return "\(output): epoch \(predictor.epoch) of \(predictor.runName)"
  }
}

/// `safnet evaluate`: one label map against the truth.
package struct ImageEvaluation {
  package let scores: CaseEvaluation
  package let structures: [String]

  /// - Parameter run: whose structures are meant; nil: MRSpineSeg's.
  package init(prediction: String, truth: String, run: String?, in workspace: Workspace) throws {
    let labels = try run.map { try workspace.run(named: $0).plan().structures } ?? .mrSpineSeg
    scores = try LabelMapComparison.evaluate(
      prediction: URL(fileURLWithPath: prediction), truth: URL(fileURLWithPath: truth), labels: labels)
    structures = labels.names
  }

  package var text: String { EvaluationTable.lines(scores, structures: structures).joined(separator: "\n") }
}
