import Foundation
import JSON
import Store
import System
import Training

/// `safnet export`: what was trained here, in the format of another program.
///
/// A folder takes its place when it is complete; nothing that is there is ever replaced.
package struct ExportSession {
  /// What is written.
  package enum Format: String, CaseIterable, Sendable {
    case onnx, pytorch
  }

  package var runs: PredictionRuns.Choice
  package var format: Format
  /// A folder that is not there yet.
  package var output: String
  package var checkpoint = TrainedNetworks.Choice.best
  /// Whether runs that are not finished are exported, and variants of which some are not.
  package var allowsUnfinished = false

  package init(runs: PredictionRuns.Choice, format: Format, output: String) {
    (self.runs, self.format, self.output) = (runs, format, output)
  }

  /// - Parameter console: where notices go.
  /// - Throws: `ExportRefusal`, what is wrong with a run, a full disk. Then there is no folder.
  package func run(in workspace: Workspace, program: RunningProgram, console: any Console) throws -> ExportOutcome {
    guard !output.isEmpty else { throw ExportRefusal.noOutput }
    let place = URL(fileURLWithPath: output)
    guard !Self.isTaken(place) else { throw ExportRefusal.outputExists(folder: output) }
    let chosen = try ExportedRuns(runs, allowsUnfinished: allowsUnfinished, in: workspace)
    for note in chosen.notes { console.error("note: \(note)") }
    let staged = try StagedFolder.create(for: place)
    var folder = ExportFolder(url: staged.url)
    switch format {
    case .onnx: try ONNXExport(runs: chosen, checkpoint: checkpoint, program: program).write(to: &folder)
    case .pytorch: try PyTorchExport(runs: chosen, checkpoint: checkpoint, program: program).write(to: &folder)
    }
    for note in folder.notes { console.error("note: \(note)") }
    guard try staged.takePlace() else { throw ExportRefusal.outputExists(folder: output) }
    return ExportOutcome(
      format: format.rawValue, folder: output, runs: chosen.directories.map(\.name), files: folder.files,
      notes: chosen.notes + folder.notes)
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
    "\(folder): \(files.count) files of \(runs.count == 1 ? runs[0] : "\(runs.count) runs") as \(format)"
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
