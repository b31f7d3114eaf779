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
  package let scores: CaseEvaluation
  package let structures: [String]
  /// What is odd though it can be scored.
  package let notices: [String]

  /// - Parameter run: whose structures are meant; nil: MRSpineSeg's.
  package init(prediction: String, truth: String, run: String?, in workspace: Workspace) throws {
    let labels = try run.map { try workspace.run(named: $0).plan().structures } ?? .mrSpineSeg
    let outcome: LabelMapComparison.Outcome
    do {
      outcome = try LabelMapComparison.evaluate(
        prediction: URL(fileURLWithPath: prediction), truth: URL(fileURLWithPath: truth), labels: labels)
    } catch let problem as LabelMapComparison.Problem {
      if run == nil, case .unknownLabel = problem { throw UnnamedStructures(problem: problem) }
      throw problem
    }
    (scores, structures) = (outcome.scores, labels.names)
    notices =
      [outcome.notice].compactMap(\.self)
      + (run == nil ? ["the structures are called as MRSpineSeg does; name the run whose are meant with --run"] : [])
  }

  package var text: String { EvaluationTable.lines(scores, structures: structures).joined(separator: "\n") }
}

/// A label that MRSpineSeg does not have, where no run was named.
package struct UnnamedStructures: Error, Equatable, CustomStringConvertible {
  package let problem: LabelMapComparison.Problem
  package var description: String { "\(problem) Name the run whose structures are meant with --run." }
}
