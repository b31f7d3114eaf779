import ArgumentParser
import Experiments
import Foundation
import Workbench

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Put the label maps of another program into an experiment's tables.",
    discussion: """
      The maps are scored by this program's metrics, on the images' own grid, against the truth of the experiment's dataset. \
      Before a number is averaged they are checked: every test case there, once, in the fold that tests it, with the image's \
      shape and place, and with known labels. The method is a row of every table that `safnet report` makes.

      Examples:
        safnet import predictions maps --experiment Experiments/demo.json \\
          --name "A colleague's network"
        safnet import nnunet nnUNet_results/Dataset001_Spine/nnUNetTrainer__nnUNetPlans__3d_fullres \\
          --experiment Experiments/demo.json --name nnU-Net
      """,
    subcommands: [Predictions.self, NNUNet.self])

  struct Predictions: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A folder with a label map for each test case.",
      discussion: """
        Maps are called after their cases, or --cases names them: a CSV file with the columns file, case and, to check that \
        no network was tested on what it has seen, fold.

        Example:
          safnet import predictions maps --experiment Experiments/demo.json --name "MONAI SegResNet" \\
            --tool MONAI --tool-version 1.5 --cases maps.csv
        """)

    @Argument(help: "The folder.", completion: .directory) var folder: String
    @OptionGroup var shared: ImportOptions

    func run() throws { try shared.run(.predictions(URL(fileURLWithPath: folder, isDirectory: true))) }
  }

  struct NNUNet: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "nnunet", abstract: "A results folder of nnU-Net v2: fold_K/validation, with its summary.json.",
      discussion: """
        Its folds must hold out what the experiment's do: train it on the splits_final.json that `safnet run` writes to \
        Workspace/splits. The Dice of its summary.json is compared with ours, and what differs is named.

        Example:
          safnet import nnunet nnUNet_results/Dataset001_Spine/nnUNetTrainer__nnUNetPlans__3d_fullres \\
            --experiment Experiments/demo.json --name nnU-Net --tool-version 2.6
        """)

    @Argument(help: "The folder.", completion: .directory) var folder: String
    @Option(
      help: ArgumentHelp(
        "The splits that it was trained on, if they are not in the folder: the file, or the folder that holds"
          + " splits_final.json.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var splits: String?
    @OptionGroup var shared: ImportOptions

    func run() throws {
      try shared.run(
        .nnUNet(URL(fileURLWithPath: folder, isDirectory: true), splits: splits.map { URL(fileURLWithPath: $0) }))
    }
  }
}

struct ImportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The experiment beside whose methods it stands.", valueName: "spec"))
  var experiment: String
  @Option(help: "Its row's name.") var name: String
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Change one field of the experiment; may be repeated.", valueName: "key.path=value"))
  var overrides: [String] = []
  @Option(help: ArgumentHelp("Which file is which case (CSV: file, case, fold).", valueName: "file"))
  var cases: String?
  @Option(
    help: ArgumentHelp(
      "What the maps' numbers mean: a dataset.json, or a file with {\"L5\": 1, ...}.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var labels: String?
  @Option(help: ArgumentHelp("Take fewer cases, for this reason; the row has its own n.", valueName: "reason"))
  var partial: String?
  @Option(help: "What made the maps.") var tool: String?
  @Option(help: "The version of what made them.") var toolVersion: String?
  @Flag(help: "Replace what was imported under this name.") var replace = false
  @OptionGroup var options: WorkspaceOptions

  func run(_ source: ImportSession.Source) throws {
    let specification = try Specification.load(URL(fileURLWithPath: experiment), overrides: overrides)
    UnheardOption.tell(overrides, by: .cases)
    var session = ImportSession(specification, source, name: name)
    session.cases = cases.map { URL(fileURLWithPath: $0) }
    session.labels = labels.map { URL(fileURLWithPath: $0) }
    (session.partial, session.replaces) = (partial, replace)
    (session.tool, session.version, session.program) = (tool, toolVersion, programVersion)
    session.isWorkspaceAsked = options.isAsked
    try session.run(in: options.store, console: console)
  }
}
