import ArgumentParser
import Foundation
import Training
import Workbench

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write what was trained here in the format of another program.",
    usage: """
      safnet export <run> ... --format <format> --output <folder>
      safnet export --experiment <file> --variant <name> --format <format> --output <folder>
      safnet export --experiment <file> --variant <name> --format mlflow --to <server>
      """,
    discussion: """
      Formats:
        onnx         a model for each run (several vote), pipeline.json, and a
                     predict.py that gives the label maps of `safnet predict`
                     with numpy, nibabel and onnxruntime alone
        pytorch      weights.safetensors and model.py, plain torch.nn
        nnunet       the test cases' label maps as fold_K/validation/CASE.nii.gz,
                     with summary.json
        bids         the same as a derivative of BIDS, each with a JSON for dcmqi,
                     which makes DICOM segmentations
        tensorboard  event files with the curves, a folder for each run
        mlflow       runs, parameters and curves on the server that --to names,
                     below a parent for the variant

      The folder must not be there yet; it takes its place when it is complete. docs/interchange.md has more.

      Examples:
        safnet export safnet-f1-1a2b3c4d5e6f --format onnx --output model/
        safnet export --experiment Experiments/demo.json --variant SAFNet \\
          --format onnx -o model/
        safnet export --experiment Experiments/demo.json --variant SAFNet \\
          --format mlflow --to http://localhost:5000

      A server that wants to know who sends takes it from MLFLOW_TRACKING_TOKEN, or from MLFLOW_TRACKING_USERNAME and \
      MLFLOW_TRACKING_PASSWORD, of the environment.
      """)

  @Argument(
    help: ArgumentHelp("Runs: their names, the first letters of them, or directories.", valueName: "run"))
  var runs: [String] = []
  @OptionGroup var variants: VariantOptions
  @Option(
    help: ArgumentHelp(
      "What is written: \(ExportSession.Format.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "format")
  )
  var format: ExportSession.Format
  @Option(
    name: [.short, .long], help: ArgumentHelp("A folder that is not there yet.", valueName: "folder"))
  var output: String?
  @Option(help: ArgumentHelp("Of --format mlflow, the server; nothing is sent anywhere without.", valueName: "url"))
  var to: String?
  @Option(help: "Which network of each run: best on the validation cases, or last.")
  var checkpoint = TrainedNetworks.Choice.best
  @Flag(help: "Export runs that are not finished, and variants of which some are not.") var unfinished = false
  @OptionGroup var options: WorkspaceOptions
  @Flag(help: "As JSON, for scripts.") var json = false

  func validate() throws {
    if variants.experiment != nil, !runs.isEmpty {
      throw ValidationError(
        "Give runs or --experiment: each says which networks are meant\(variants.hint(of: runs)).")
    }
    if variants.experiment == nil, runs.isEmpty {
      throw ValidationError("export needs a run: safnet export RUN --format FORMAT --output FOLDER")
    }
    _ = try target()
  }

  private func target() throws -> String {
    if format.isSent {
      guard output == nil else {
        throw ValidationError("--format \(format.rawValue) goes to a server; leave --output out.")
      }
      guard let to else {
        throw ValidationError("--format \(format.rawValue) needs the server: --to http://localhost:5000")
      }
      return to
    }
    guard to == nil else {
      throw ValidationError("--to is for --format mlflow; \(format.rawValue) goes into a folder.")
    }
    guard let output else { throw ValidationError("--format \(format.rawValue) needs a folder: --output FOLDER") }
    return output
  }

  private var credentials: ServerCredentials? {
    let environment = ProcessInfo.processInfo.environment
    if let token = environment["MLFLOW_TRACKING_TOKEN"] { return .token(token) }
    guard let user = environment["MLFLOW_TRACKING_USERNAME"] else { return nil }
    return .password(user: user, environment["MLFLOW_TRACKING_PASSWORD"] ?? "")
  }

  func run() throws {
    var session = ExportSession(runs: try variants.choice(orRuns: runs), format: format, output: try target())
    session.credentials = format.isSent ? credentials : nil
    (session.checkpoint, session.allowsUnfinished) = (checkpoint, unfinished)
    let outcome = try session.run(in: options.store, program: .this, console: console)
    if json { try console.printJSON(outcome) } else { console.print(outcome.summary) }
  }
}

extension ExportSession.Format: ExpressibleByArgument {}
