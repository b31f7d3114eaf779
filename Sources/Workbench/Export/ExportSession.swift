import Foundation
import JSON
import Store
import System
import Text
import Training

/// `safnet export`: what was trained here, in the format of another program.
///
/// A folder takes its place when it is complete; nothing that is there is ever replaced.
package struct ExportSession {
  /// What is written.
  package enum Format: String, CaseIterable, Sendable {
    case onnx, pytorch, nnunet, bids, tensorboard, mlflow

    /// Whether it goes to a server, not into a folder.
    package var isSent: Bool { self == .mlflow }
  }

  package var runs: PredictionRuns.Choice
  package var format: Format
  /// A folder that is not there yet; of what is sent, the server's address.
  package var output: String
  /// What the server asks for.
  package var credentials: ServerCredentials?
  package var checkpoint = TrainedNetworks.Choice.best
  /// Whether runs that are not finished are exported, and variants of which some are not.
  package var allowsUnfinished = false

  package init(runs: PredictionRuns.Choice, format: Format, output: String) {
    (self.runs, self.format, self.output) = (runs, format, output)
  }

  /// - Parameter console: where notices go.
  /// - Throws: `ExportRefusal`, what is wrong with a run, a full disk. Then there is no folder.
  package func run(in workspace: Workspace, program: RunningProgram, console: any Console) throws -> ExportOutcome {
    guard !format.isSent else { return try send(workspace, program, console) }
    guard !output.isEmpty else { throw ExportRefusal.noOutput }
    guard !OutputName.readsLikeAFile(output) else { throw ExportRefusal.outputReadsLikeAFile(name: output) }
    let place = URL(fileURLWithPath: output)
    guard !Self.isTaken(place) else { throw ExportRefusal.outputExists(folder: output) }
    try OutputPlace.requireFolder(output, at: place)
    let chosen = try ExportedRuns(runs, allowsUnfinished: allowsUnfinished, in: workspace)
    for note in chosen.notes { console.error("note: \(note)") }
    let staged = try StagedFolder.create(for: place)
    var folder = ExportFolder(url: staged.url)
    switch format {
    case .onnx: try ONNXExport(runs: chosen, checkpoint: checkpoint, program: program).write(to: &folder)
    case .nnunet: try NNUNetExport(runs: chosen, program: program).write(to: &folder)
    case .bids: try BIDSExport(runs: chosen, program: program).write(to: &folder)
    case .tensorboard: try TensorBoardExport(runs: chosen, program: program).write(to: &folder)
    // Sent before a folder is thought of.
    case .mlflow: break
    case .pytorch: try PyTorchExport(runs: chosen, checkpoint: checkpoint, program: program).write(to: &folder)
    }
    for note in folder.notes { console.error("note: \(note)") }
    guard try staged.takePlace() else { throw ExportRefusal.outputExists(folder: output) }
    return ExportOutcome(
      format: format.rawValue, folder: output, runs: chosen.directories.map(\.name), files: folder.files,
      notes: chosen.notes + folder.notes)
  }

  private func send(
    _ workspace: Workspace, _ program: RunningProgram, _ console: any Console
  ) throws -> ExportOutcome {
    guard let server = MLflowClient.address(output) else { throw ExportRefusal.badServer(output) }
    let chosen = try ExportedRuns(runs, allowsUnfinished: allowsUnfinished, in: workspace)
    for note in chosen.notes { console.error("note: \(note)") }
    let export = MLflowExport(
      runs: chosen, program: program, client: MLflowClient(server: server, credentials: credentials),
      experiment: chosen.title?.experiment ?? "safnet", variant: chosen.title?.variant)
    let outcome = try export.send { console.error($0) }
    let notes = outcome.notes.map { "left out of \($0)" }
    for note in notes { console.error("note: \(note)") }
    return ExportOutcome(
      format: format.rawValue, folder: output, runs: chosen.directories.map(\.name), files: [],
      notes: chosen.notes + notes)
  }

  /// An empty folder may be filled.
  private static func isTaken(_ place: URL) -> Bool {
    guard access(place.path, F_OK) == 0 else { return false }
    return (try? Folder.names(in: place))?.isEmpty != true
  }
}

/// What an export wrote.
package struct ExportOutcome: Codable, Equatable, Sendable {
  package var format: String
  package var folder: String
  package var runs: [String]
  /// Below the folder, in the order in which they were written.
  package var files: [String]
  package var notes: [String]

  /// One sentence of it all.
  package var summary: String {
    guard !files.isEmpty else { return "\(folder): \(runs.count) \(runs.count == 1 ? "run" : "runs") as \(format)" }
    return
      "\(folder): \(Quantity.of(files.count, "file")) of \(runs.count == 1 ? runs[0] : "\(runs.count) runs") as \(format)"
  }
}

/// A folder that is being filled, and what is said of it.
struct ExportFolder {
  let url: URL
  private(set) var files: [String] = []
  private(set) var notes: [String] = []

  init(url: URL) { self.url = url }

  /// - Parameter name: with folders before it, which are made.
  mutating func write(_ name: String, _ data: Data) throws {
    let file = url.appendingPathComponent(name)
    try Folder.create(file.deletingLastPathComponent())
    try AtomicFile.write(data, to: file)
    files.append(name)
  }

  mutating func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  mutating func write(_ name: String, json: some Encodable) throws {
    try write(name, try IndentedJSON.data(json) + Data("\n".utf8))
  }

  mutating func say(_ note: String) { notes.append(note) }
}
