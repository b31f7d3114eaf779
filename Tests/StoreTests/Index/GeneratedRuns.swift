import Foundation
import Store

/// Run directories without training: the plan of the fixtures, a journal of so many epochs.
enum GeneratedRuns {
  static func make(in folder: URL, count: Int, epochs: Int) throws -> Workspace {
    let workspace = Workspace(folder)
    try workspace.prepare()
    let first = workspace.runDirectory(named: "run-0000")
    try first.create(planJSON: Data("plan".utf8), identity: Fixture.identity, environment: Fixture.environment())
    let plan = try Data(contentsOf: first.planFile)
    let journal = try Fixture.journal(
      [.started(Fixture.worker)] + (1...max(epochs, 1)).map { .epoch(Fixture.epoch($0)) })
    for number in 0..<count {
      let digits = String(number)
      let run = workspace.runDirectory(named: "run-" + String(repeating: "0", count: 4 - digits.count) + digits)
      try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
      try plan.write(to: run.planFile)
      if epochs > 0 { try journal.write(to: run.journal) }
    }
    return workspace
  }

  static func write(_ events: [JournalEvent], to run: RunDirectory) throws {
    try Fixture.journal(events).write(to: run.journal)
  }

  /// Everything the index can be asked, as bytes.
  static func answers(_ index: WorkspaceIndex) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let runs = try index.runs()
    let epochs = try index.epochs(of: Set(runs.map(\.name)))
    return String(decoding: try encoder.encode(epochs), as: UTF8.self) + runs.map { "\n\($0)\n\($0.plan)" }.joined()
  }
}
