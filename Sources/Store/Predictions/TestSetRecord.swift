import Foundation
import JSON
import System

/// `tests/EXPERIMENT.json`: on which cases `safnet run` tested an experiment's runs last, beside cross-validation. With it a
/// report needs the workspace only.
package struct TestSetRecord: Codable, Equatable, Sendable {
  package static let currentFormat = 1

  package private(set) var format = TestSetRecord.currentFormat
  /// Of the cases' content: `DatasetFingerprint.digest`.
  package var digest: String
  package var cases: [String]
  /// Case to patient, for those that have one.
  package var patients: [String: String]
  /// Where they lay.
  package var place: String

  package init(digest: String, cases: [String], patients: [String: String], place: String) {
    (self.digest, self.cases, self.patients, self.place) = (digest, cases, patients, place)
  }
}

extension Workspace {
  private func testSetFile(of experiment: String) -> URL {
    root.appending(path: "tests/\(experiment).json", directoryHint: .notDirectory)
  }

  /// Nil where there is none, or it cannot be read: `safnet run` writes it anew.
  package func testSet(of experiment: String) -> TestSetRecord? {
    guard let data = try? RegularFile.read(testSetFile(of: experiment), limit: 64 << 20),
      let record = try? JSONDecoder().decode(TestSetRecord.self, from: data),
      record.format <= TestSetRecord.currentFormat
    else { return nil }
    return record
  }

  package func store(_ record: TestSetRecord, of experiment: String) throws {
    guard testSet(of: experiment) != record else { return }
    let file = testSetFile(of: experiment)
    try Folder.create(file.deletingLastPathComponent())
    try AtomicFile.write(try IndentedJSON.data(record) + Data("\n".utf8), to: file)
  }
}
