import ArgumentParser
import Metrics
import Workbench

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Score a label map against the truth.",
    discussion: """
      Dice, mean surface distance and HD95 (mm) of each structure, on the files' own grid. Two files whose voxels lie
      in different places are refused, as an image and its mask are.

      Examples:
        safnet evaluate patient-labels.nii.gz patient-truth.nii.gz
        safnet evaluate prediction.nii.gz truth.nii.gz --run safnet-f1-1a2b3c4d5e6f --json
      """)

  @Argument(help: "The predicted label map.") var prediction: String
  @Argument(help: "The true one, on the same grid.") var truth: String
  @Option(name: .customLong("run"), help: "Take the structures from this run; MRSpineSeg's, if not given.")
  var namesake: String?
  @OptionGroup var options: WorkspaceOptions
  @Flag(help: "As JSON, for scripts.") var json = false

  func run() throws {
    let evaluation = try ImageEvaluation(prediction: prediction, truth: truth, run: namesake, in: options.store)
    for notice in evaluation.notices { console.error("note: \(notice)") }
    if json { try console.printJSON(evaluation.scores) } else { console.print(evaluation.text) }
  }
}
