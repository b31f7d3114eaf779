import Foundation
import Metrics
import System

extension RunDirectory {
  /// In the directory of an imported method, in the place of a plan.
  package var importFile: URL { file("import.json") }

  /// Whether it holds a method that was imported, not a run.
  package var isImported: Bool { access(importFile.path, F_OK) == 0 && access(planFile.path, F_OK) != 0 }

  package func readImport() throws -> ImportRecord { try ImportRecord(reading: importFile) }
}

/// The imported methods of a workspace.
package struct ImportedRuns {
  package struct Method {
    package let directory: RunDirectory
    package let record: ImportRecord
  }

  package let methods: [Method]
  /// A sentence for each directory whose record cannot be read.
  package let unreadable: [String]

  package init(_ workspace: Workspace) throws {
    var (methods, unreadable): ([Method], [String]) = ([], [])
    for directory in try workspace.names(holding: ["import.json"]).map(workspace.runDirectory) {
      do {
        methods.append(Method(directory: directory, record: try directory.readImport()))
      } catch {
        unreadable.append("\(directory.name) is an imported method that cannot be read: \(error)")
      }
    }
    (self.methods, self.unreadable) = (methods, unreadable)
  }

  /// Those that stand beside an experiment's own.
  package func methods(of experiment: String) -> [Method] { methods.filter { $0.record.experiment == experiment } }
}

extension Workspace {
  /// Puts an imported method in its place, whole or not at all.
  ///
  /// - Parameter fill: writes evaluation and predictions into the directory.
  /// - Returns: its directory.
  package func store(
    _ record: ImportRecord, _ evaluation: StoredEvaluation, fill: (RunDirectory) throws -> Void
  ) throws -> RunDirectory {
    try prepare()
    let place = runDirectory(named: record.directoryName)
    // One of this name is damaged: the same content under the same name is not stored twice.
    if place.exists { _ = try place.remove() }
    let staged = try StagedFolder.create(for: place.url)
    let directory = RunDirectory(staged.url)
    try fill(directory)
    try EvaluationFile.write(evaluation, to: directory.evaluationFile)
    try JournalWriter(url: directory.journal).append(imported: evaluation, at: record.date)
    try record.write(to: directory.importFile)
    guard try staged.takePlace() else { throw StoreError.locked(file: place.url.path, holder: nil) }
    try Descriptor.synchronizeFolder(of: place.url)
    return place
  }
}

extension JournalWriter {
  /// That it was scored: nothing was trained.
  fileprivate func append(imported evaluation: StoredEvaluation, at date: Date) throws {
    let scores = evaluation.scores
    let structures = evaluation.structures.indices.map { structure in
      mean(ofCounted: scores.map { $0.dice[structure] })
    }
    let record = EvaluationRecord(
      cases: scores.count, epoch: 0, meanDice: mean(ofCounted: scores.map(\.meanDice)), structureDice: structures,
      seconds: 0)
    try append(.evaluated(record), at: date)
    try append(.finished(FinishRecord(epochs: 0, seconds: 0)), at: date)
  }
}
