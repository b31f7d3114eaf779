import Foundation
import System

/// The scores of a way of predicting, as they are stored.
package struct PredictedScores: Equatable, Sendable {
  /// How far a prediction has come that an experiment asks for.
  package enum Finding: Equatable, Sendable {
    /// Never made, or it cannot be read.
    case missing
    /// Made from other weights: a run was trained anew since.
    case outdated
    case whole(PredictedScores)
  }

  package let record: PredictedRecord
  package let evaluation: StoredEvaluation

  package init(record: PredictedRecord, evaluation: StoredEvaluation) {
    (self.record, self.evaluation) = (record, evaluation)
  }
}

extension RunDirectory {
  /// In a folder of predictions by finished runs, in the place of a plan.
  package var predictedFile: URL { file("predicted.json") }

  /// SHA-256 of the journal; nil where there is none.
  package func journalDigest() throws -> String? {
    do throws(SystemError) {
      return GuardedFile.digest(try Descriptor.contents(of: journal))
    } catch {
      guard error.code == ENOENT else { throw error }
      return nil
    }
  }
}

extension Workspace {
  /// What is stored of a prediction.
  ///
  /// - Parameters:
  ///   - name: of its folder.
  ///   - members: the runs whose networks predict, in order.
  package func predicted(named name: String, identity: String, members: [RunDirectory]) throws
    -> PredictedScores.Finding
  {
    let directory = runDirectory(named: name)
    guard let record = try intact({ try PredictedRecord(reading: directory.predictedFile) }),
      record.identity == identity
    else { return .missing }
    let journals = try members.map { try $0.journalDigest() }
    guard record.members.map(\.journal) == journals.compactMap(\.self) else { return .outdated }
    guard let evaluation = try intact({ try EvaluationFile.read(directory.evaluationFile) }),
      evaluation.planIdentity == identity
    else { return .missing }
    return .whole(PredictedScores(record: record, evaluation: evaluation))
  }

  /// Puts the scores in their place, whole or not at all; what was there before goes.
  ///
  /// - Parameter fill: writes the predictions into the directory, and says what they scored.
  package func store(_ record: PredictedRecord, named name: String, fill: (RunDirectory) throws -> StoredEvaluation)
    throws
  {
    let place = runDirectory(named: name)
    let staged = try StagedFolder.create(for: place.url)
    let directory = RunDirectory(staged.url)
    try EvaluationFile.write(try fill(directory), to: directory.evaluationFile)
    try record.write(to: directory.predictedFile)
    // The record goes first: without it there is nothing.
    unlink(place.predictedFile.path)
    try? FileManager.default.removeItem(at: place.url)
    // Another process may have made the same meanwhile.
    _ = try staged.takePlace()
    try Descriptor.synchronizeFolder(of: place.url)
  }

  /// Nil where the file is missing or damaged.
  private func intact<T>(_ read: () throws -> T) throws -> T? {
    do {
      return try read()
    } catch let error as StoreError where error.isDamage {
      return nil
    } catch let error as SystemError where error.code == ENOENT || error.code == ENOTDIR {
      return nil
    }
  }
}
