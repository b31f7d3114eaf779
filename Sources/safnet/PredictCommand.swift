import ArgumentParser
import Experiments
import Foundation
import Text
import Training
import Workbench

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Segment images with trained runs.",
    usage: """
      safnet predict <run> <image> ... --output <folder or file>
      safnet predict --run <run> --run <run> <image> ... --output <folder or file>
      safnet predict --experiment <file> --variant <name> <image> ... --output <folder or file>
      """,
    discussion: """
      Images are NIfTI files or folders of them; a label map has its image's geometry and the dataset's label numbers, and \
      goes to FOLDER/CASE.nii.gz. For one image the output may be a file's name instead. Several runs vote: the mean of \
      their probabilities decides. What is done is skipped, so the same command goes on after an interruption; \
      FOLDER/predictions.json says how each label map was made, and one that was made otherwise is not replaced without \
      --force. docs/predicting.md has more.

      Examples:
        safnet predict safnet-f1-1a2b3c4d5e6f patient.nii.gz \\
          --output patient-labels.nii.gz
        safnet predict safnet-f1-1a2b3c4d5e6f scans/ -o labels/ --checkpoint last
        safnet predict --experiment Experiments/demo.json --variant SAFNet scans/ \\
          -o labels/ --uncertainty
        safnet predict --run safnet-f1-1a2b --run unet3d-f1-9f8e a.nii.gz b.nii.gz \\
          -o labels/ --components largest
      """)

  @Argument(
    help: ArgumentHelp(
      "The run (its name, the first letters of it, or its directory), then images and folders of images; only these where --run"
        + " or --experiment is given.",
      valueName: "run-and-images"))
  var given: [String]
  @Option(
    name: .customLong("run"), parsing: .singleValue,
    help: ArgumentHelp("A run; may be given again, for a mean of several.", valueName: "run"))
  var runs: [String] = []
  @OptionGroup var variants: VariantOptions
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("A folder; for one image also the label map's name (.nii or .nii.gz).", valueName: "path"))
  var output: String
  @Option(help: "Which network of each run: best on the validation cases, or last.")
  var checkpoint = TrainedNetworks.Choice.best
  @Flag(help: "Let each network see the image with left and right exchanged too, and take the mean.") var mirror = false
  @Option(
    help: ArgumentHelp(
      "consecutive: each vertebra and disc bears one name, and from head to foot none comes twice or is left out.",
      valueName: "names"))
  var levels: PredictionPlan.Levels?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "largest: keep each structure's largest piece only; NAME=largest, NAME=all for one structure. May be given again.",
      valueName: "rule"))
  var components: [String] = []
  @Flag(help: "Write probabilities/CASE.nii.gz: float32, four dimensions, the background first.") var probabilities =
    false
  @Flag(help: "Write entropy/CASE.nii.gz and, of several networks, disagreement/CASE.nii.gz, each 0 to 1.")
  var uncertainty = false
  @Flag(help: "Write overlays/CASE.svg, the middle slice.") var overlay = false
  @Flag(help: "Replace label maps that were made otherwise.") var force = false
  @Option(help: "Threads; all cores, if not given.") var threads: Int?
  @OptionGroup var options: WorkspaceOptions
  @OptionGroup var engine: EngineOptions
  @Flag(help: "As JSON, for scripts.") var json = false

  func validate() throws {
    if let threads { try Threads.validate(threads) }
    if variants.experiment != nil, !runs.isEmpty {
      throw ValidationError("Give --run or --experiment: each says which networks are meant.")
    }
    if variants.experiment == nil, runs.isEmpty, given.count < 2 {
      if let only = given.first, NamesFile(only) == .experiment {
        throw ValidationError(
          "\(only) is an experiment, and an image is missing: safnet predict --experiment \(ShellWord.quoted(only)) --variant NAME"
            + " IMAGE --output FOLDER")
      }
      if let only = given.first, FileManager.default.fileExists(atPath: only) {
        throw ValidationError(
          "Which run is to segment \(only)? safnet predict RUN \(ShellWord.quoted(only)) --output FOLDER; `safnet runs list` has"
            + " the runs, and --experiment FILE --variant NAME takes all folds of one.")
      }
      throw ValidationError("predict needs a run and an image: safnet predict RUN IMAGE --output FOLDER")
    }
  }

  private var extras: Predictor.Extras {
    [probabilities ? .probabilities : [], uncertainty ? .uncertainty : [], overlay ? .overlay : []]
  }

  func run() throws {
    let namesRun = variants.experiment == nil && runs.isEmpty
    if namesRun { try PredictionInputs(given).checkOrder(in: options.store) }
    var session = PredictionSession(
      runs: try variants.choice(orRuns: namesRun ? Array(given.prefix(1)) : runs),
      inputs: Array(given.dropFirst(namesRun ? 1 : 0)), output: output)
    (session.checkpoint, session.mirror, session.levels, session.components) = (checkpoint, mirror, levels, components)
    (session.extras, session.force, session.threads) = (extras, force, threads)
    let outcome = try session.run(in: options.store, program: engine.program(), console: console)
    if json { try console.printJSON(outcome) } else { console.print(outcome.summary(of: output)) }
    if !outcome.isComplete { throw ExitCode(1) }
  }
}

extension TrainedNetworks.Choice: ExpressibleByArgument {}

extension PredictionPlan.Levels: ExpressibleByArgument {}
