import Foundation
import Metrics
import Store
import TestSupport
import Testing

@Suite struct ImportRecordTests {
  private func record(name: String = "A colleague's network", digest: Character = "a") -> ImportRecord {
    let map = ImportRecord.Map(name: "Case1", file: "Case1.nii.gz", sha256: String(repeating: digest, count: 64))
    return ImportRecord(
      name: name, experiment: "demo", dataset: "d00d", structures: ["L5"], numbers: [0: "background", 1: "L5"],
      origin: .init(tool: "MONAI", version: "1.5"), partial: nil,
      folds: [.init(number: 1, maps: [map]), .init(number: 2, maps: [], missing: ["Case2"])])
  }

  private var evaluation: StoredEvaluation {
    let one = CaseEvaluation(
      name: "Case1", dice: [0.5], surfaceDistance: [1], hausdorff95: [2], truthVoxels: [3], predictedVoxels: [1],
      commonVoxels: [1], confusion: [5, 0, 2, 1])
    return StoredEvaluation(
      planIdentity: record().identity, structures: ["L5"], cases: [one],
      imageGrid: .init(cases: [one], ceiling: [[1]]))
  }

  @Test func itsIdentityIsOfWhatDecidesTheScores() {
    var later = record()
    (later.date, later.folder, later.program) = (Date(), "/elsewhere", "9.9")
    later.notices = ["odd"]
    #expect(later.identity == record().identity && later.directoryName == record().directoryName)
    #expect(record(digest: "b").identity != record().identity)
    #expect(record(name: "another").identity != record().identity)
    #expect(Set(record().folds.map(\.identity)).count == 2)
    #expect(record().directoryName.hasPrefix("imported-a-colleague-s-network-"))
    #expect(record(name: "網絡").directoryName.hasPrefix("imported-method-"))
  }

  @Test func whatIsWrittenIsRead() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "import.json")
      var written = record()
      (written.date, written.notices) = (Date(timeIntervalSince1970: 1_790_000_000), ["odd"])
      try written.write(to: file)
      #expect(try ImportRecord(reading: file) == written)
      let plain = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
      #expect(plain?["name"] as? String == "A colleague's network", "any program reads it")
    }
  }

  @Test func everyChangedByteIsFound() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "import.json")
      try record().write(to: file)
      let whole = try Data(contentsOf: file)
      for position in stride(from: 0, to: whole.count, by: 7) {
        var damaged = whole
        damaged[position] ^= 1
        try damaged.write(to: file)
        #expect(throws: StoreError.self, "byte \(position)") { try ImportRecord(reading: file) }
      }
    }
  }

  /// A directory of it is a finished run to whoever lists runs, and damaged without its scores.
  @Test func aWorkspaceHoldsItWholeOrNotAtAll() throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder)
      struct Full: Error {}
      #expect(throws: Full.self) { try workspace.store(record(), evaluation) { _ in throw Full() } }
      #expect(try workspace.runDirectories().isEmpty && ImportedRuns(workspace).methods.isEmpty)
      let directory = try workspace.store(record(), evaluation) { _ in }
      #expect(directory.name == record().directoryName)
      #expect(try directory.state() == .finished && directory.isWhole())
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      let indexed = try #require(try index.runs().first)
      #expect(indexed.identity == record().identity && indexed.testDice == 0.5 && indexed.notice == nil)
      try FileManager.default.removeItem(at: directory.evaluationFile)
      #expect(try directory.state() == .damaged)
      try index.refresh()
      #expect(try index.runs().first?.notice == "evaluation.h5 is missing; import it again")
    }
  }

  @Test func aDamagedRecordIsNamedAndCostsNoOther() throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder)
      let directory = try workspace.store(record(), evaluation) { _ in }
      try Data("{}\n".utf8).write(to: directory.importFile)
      let stored = try ImportedRuns(workspace)
      #expect(stored.methods.isEmpty && stored.unreadable.count == 1)
      #expect(stored.unreadable[0].hasPrefix("\(directory.name) is an imported method that cannot be read"))
    }
  }
}
