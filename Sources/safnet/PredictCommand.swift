import ArgumentParser
import Experiments
import Foundation
import Scheduling
import Store
import Training
import Volumes
import System

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

  func run() throws {
    let target = URL(fileURLWithPath: output)
    if FileManager.default.fileExists(atPath: target.path) { throw UsageError.outputExists(file: output) }
    let predictor = try Predictor(
      run: directory(), choice: checkpoint, engine: engines.standard, threads: threads ?? Machine.current().cores)
    try predictor.predict(URL(fileURLWithPath: image), to: target)
    Console.print("\(output): epoch \(predictor.epoch) of \(predictor.runName)")
  }

  private func directory() throws -> RunDirectory {
    let given = RunDirectory(URL(fileURLWithPath: network, isDirectory: true))
    return given.exists ? given : try options.run(named: network)
  }
}

extension Predictor.Choice: ExpressibleByArgument {}
