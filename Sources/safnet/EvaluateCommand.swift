import ArgumentParser
import Experiments
import Foundation
import Metrics
import Workbench

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Score a label map against the truth.",
    discussion: """
      Dice, precision and recall, surface distances (mm), normalised surface Dice, objects and levels, on the files' own
      grid. Two files whose voxels lie in different places are refused, as an image and its mask are. Structures are
      called by their numbers unless a run, an experiment or a dataset.json names them.

      Examples:
        safnet evaluate patient-labels.nii.gz patient-truth.nii.gz
        safnet evaluate prediction.nii.gz truth.nii.gz --run safnet-f1-1a2b3c4d5e6f --json
        safnet evaluate prediction.nii.gz truth.nii.gz --labels my-data/dataset.json
      """)

  @Argument(help: "The predicted label map.") var prediction: String
  @Argument(help: "The true one, on the same grid.") var truth: String
  @Option(name: .customLong("run"), help: "Take the structures from this run.")
  var namesake: String?
  @Option(
    help: ArgumentHelp("Take the structures from this experiment.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var experiment: String?
  @Option(
    help: ArgumentHelp("Take the structures from this dataset.json.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var labels: String?
  @OptionGroup var options: WorkspaceOptions
  @Flag(help: "As JSON, for scripts.") var json = false

  func validate() throws {
    if [namesake, experiment, labels].compactMap(\.self).count > 1 {
      throw ValidationError("Give one of --run, --experiment and --labels: each names the structures.")
    }
  }

  private func names() throws -> ImageEvaluation.Names {
    if let namesake { return .run(namesake) }
    if let experiment { return .experiment(try Specification.load(URL(fileURLWithPath: experiment))) }
    return labels.map { .file($0) } ?? .numbers
  }

  func run() throws {
    let evaluation = try ImageEvaluation(
      prediction: prediction, truth: truth, names: names(), in: options.store)
    for notice in evaluation.notices { console.error("note: \(notice)") }
    if json { try console.printJSON(evaluation.scores) } else { console.print(evaluation.text) }
  }
}
