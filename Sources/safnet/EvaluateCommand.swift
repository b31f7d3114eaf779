import ArgumentParser
import Experiments
import Foundation
import Metrics
import Volumes
import Workbench

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Score label maps against the truth.",
    discussion: """
      Dice, precision and recall, surface distances (mm), normalised surface Dice, objects and levels, on the files' own \
      grid. Two files whose voxels lie in different places are refused, as an image and its mask are. Structures are \
      called by their numbers unless a run, an experiment or a dataset.json names them.

      Of two folders every case that both hold is scored; files are paired by their names (mask_case1 is Case1, and a \
      dataset's own folder stands for its masks). Then come means with deviations and 95 % t intervals, the cases that \
      failed with the reason, and what has no partner.

      Examples:
        safnet evaluate patient-labels.nii.gz patient-truth.nii.gz
        safnet evaluate prediction.nii.gz truth.nii.gz \\
          --run safnet-f1-1a2b3c4d5e6f --json
        safnet evaluate prediction.nii.gz truth.nii.gz --labels my-data/dataset.json
        safnet evaluate labels/ my-data/labelsTs/ --labels my-data/dataset.json \\
          --csv scores.csv
      """)

  @Argument(help: "The predicted label map, or a folder of them.") var prediction: String
  @Argument(help: "The true one, on the same grid; or a folder.") var truth: String
  @Option(name: .customLong("run"), help: "Take the structures from this run.")
  var namesake: String?
  @Option(
    help: ArgumentHelp("Take the structures from this experiment.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var experiment: String?
  @Option(
    help: ArgumentHelp("Take the structures from this dataset.json, or from {\"L5\": 1, ...}.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var labels: String?
  @Option(help: ArgumentHelp("Write every score of every case into this file, of two folders.", valueName: "file"))
  var csv: String?
  @Flag(help: "Score what stands in the wrong order, or is of another case, all the same.") var force = false
  @OptionGroup var options: WorkspaceOptions
  @Flag(help: "As JSON, for scripts.") var json = false

  func validate() throws {
    if [namesake, experiment, labels].compactMap(\.self).count > 1 {
      throw ValidationError("Give one of --run, --experiment and --labels: each names the structures.")
    }
  }

  private func names() throws -> ImageEvaluation.Names {
    if let namesake { return .run(try options.run(named: namesake).name) }
    if let experiment { return .experiment(try Specification.load(URL(fileURLWithPath: experiment))) }
    return labels.map { .file($0) } ?? .numbers
  }

  func run() throws {
    try ImageEvaluation.check([prediction, truth], in: options.store)
    let folders = [prediction, truth].filter { VolumeList.isFolder(URL(fileURLWithPath: $0)) }
    if folders.count == 2 { return try runFolders() }
    if let folder = folders.first {
      if let errors = DatasetErrors(dicomAt: URL(fileURLWithPath: folder)) { throw errors }
      throw ImageUsageError.fileAndFolder(file: folder == prediction ? truth : prediction, folder: folder)
    }
    if csv != nil { throw ImageUsageError.csvOfOne }
    let evaluation = try ImageEvaluation(
      prediction: prediction, truth: truth, names: names(), force: force, in: options.store)
    for notice in evaluation.notices { console.error("note: \(notice)") }
    if let doubt = evaluation.doubt { console.error("warning: \(doubt), type `\(exchanged)`") }
    if json { try console.printJSON(evaluation.scores) } else { console.print(evaluation.text) }
  }

  /// The command with prediction and truth exchanged, and all else as it was typed.
  private var exchanged: String {
    let given = Array(CommandLine.arguments.dropFirst())
    return MeantCommand.typed(
      MeantCommand.exchanged(prediction, truth, given) ?? ["evaluate", truth, prediction])
  }

  private func runFolders() throws {
    if let csv { try EvaluationCSV.check(csv) }
    let names = try names()
    let evaluation = try FolderEvaluation(
      predictions: prediction, truths: truth, labels: ImageEvaluation.labels(names, in: options.store),
      learnt: LearntCases(names, predictions: prediction, in: options.store), force: force, console: console)
    for one in evaluation.cases { if let notice = one.notice { console.error("note: \(notice)") } }
    if let csv { try EvaluationCSV.write(evaluation.cases, to: csv) }
    if json { try console.printJSON(evaluation) } else { console.print(evaluation.text) }
    if !evaluation.isComplete { throw ExitCode(1) }
  }
}
