import ArgumentParser
import Experiments
import Foundation
import Training
import Workbench

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write what was trained here in the format of another program.",
    usage: """
      safnet export <run> ... --format <format> --output <folder>
      safnet export --experiment <file> --variant <name> --format <format> --output <folder>
      """,
    discussion: """
      Formats:
        onnx     a model for each run (several vote), pipeline.json, and predict.py, which gives the label maps of
                 `safnet predict` with numpy, nibabel and onnxruntime alone
        pytorch  weights.safetensors and model.py, the network in plain torch.nn, with pipeline.json

      The folder must not be there yet; it takes its place when it is complete. docs/interchange.md has more.

      Examples:
        safnet export safnet-f1-1a2b3c4d5e6f --format onnx --output model/
        safnet export --experiment Experiments/demo.json --variant SAFNet --format onnx -o model/
      """)

  @Argument(
    help: ArgumentHelp("Runs: their names, the first letters of them, or directories.", valueName: "run"))
  var runs: [String] = []
  @Option(
    help: ArgumentHelp("All finished runs of one variant of this experiment.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var experiment: String?
  @Option(help: ArgumentHelp("Which variant of the experiment.", valueName: "name")) var variant: String?
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Change one field of the experiment, as for `safnet run`.", valueName: "key.path=value"))
  var overrides: [String] = []
  @Option(help: "What is written.") var format: ExportSession.Format
  @Option(
    name: [.short, .long], help: ArgumentHelp("A folder that is not there yet.", valueName: "folder"))
  var output: String
  @Option(help: "Which network of each run: best on the validation cases, or last.")
  var checkpoint = TrainedNetworks.Choice.best
  @Flag(help: "Export runs that are not finished, and variants of which some are not.") var unfinished = false
  @OptionGroup var options: WorkspaceOptions
  @Flag(help: "As JSON, for scripts.") var json = false

  func validate() throws {
    if experiment != nil, !runs.isEmpty {
      throw ValidationError("Give runs or --experiment: each says which networks are meant.")
    }
    if variant != nil, experiment == nil {
      throw ValidationError("--variant is one of an --experiment; give that too.")
    }
    if experiment == nil, runs.isEmpty {
      throw ValidationError("export needs a run: safnet export RUN --format FORMAT --output FOLDER")
    }
  }

  private func choice() throws -> PredictionRuns.Choice {
    guard let experiment else { return .named(runs) }
    return .variant(try Specification.load(URL(fileURLWithPath: experiment), overrides: overrides), name: variant)
  }

  func run() throws {
    var session = ExportSession(runs: try choice(), format: format, output: output)
    (session.checkpoint, session.allowsUnfinished) = (checkpoint, unfinished)
    let outcome = try session.run(in: options.store, program: .this, console: console)
    if json { try console.printJSON(outcome) } else { console.print(outcome.summary) }
  }
}

extension ExportSession.Format: ExpressibleByArgument {}
