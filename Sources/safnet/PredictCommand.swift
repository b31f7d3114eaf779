import ArgumentParser
import Training
import Workbench

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Segment an image with a trained run.",
    discussion: """
      The label map has the image's own geometry and the dataset's label numbers.

      Examples:
        safnet predict safnet-f1-1a2b3c4d5e6f patient.nii.gz --output patient-labels.nii.gz
        safnet predict Workspace/runs/safnet-f1-1a2b3c4d5e6f patient.nii.gz -o labels.nii.gz --checkpoint last
      """)

  @Argument(help: ArgumentHelp("The run: its name, the first letters of it, or its directory.", valueName: "run"))
  var network: String
  @Argument(help: "A NIfTI image.") var image: String
  @Option(name: [.short, .long], help: "The label map to write (.nii or .nii.gz).") var output: String
  @Option(help: "Which network: best on the validation cases, or last.")
  var checkpoint = Predictor.Choice.best
  @Option(help: "Threads; all cores, if not given.") var threads: Int?
  @OptionGroup var options: WorkspaceOptions
  @OptionGroup var engine: EngineOptions

  func run() throws {
    var prediction = ImagePrediction(run: network, image: image, output: output)
    (prediction.checkpoint, prediction.threads) = (checkpoint, threads)
    console.print(try prediction.write(in: options.store, engine: engine.chosen(), console: console))
  }
}

extension Predictor.Choice: ExpressibleByArgument {}
