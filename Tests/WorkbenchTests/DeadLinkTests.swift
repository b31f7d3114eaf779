import Foundation
import Store
import Testing
import Volumes
import Workbench

/// Links to nothing where label maps, reports and their records are kept, and among what is read.
@Suite struct DeadLinkTests: PredictingSuite {
  let sweep: SmallSweep
  let runs: [RunDirectory]

  init() throws { (sweep, runs) = try SmallSweep.trainedWithRuns() }

  private func link(_ name: String, to target: String = "/gone/there") throws {
    let file = sweep.folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
  }

  private func isLink(_ name: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: sweep.path(name))) != nil
  }

  /// Who only looks at a report needs no place for it.
  @Test func aReportIsReadThoughItsFolderIsNoPlace() throws {
    try link("report")
    var settings = ReportSession.Settings()
    func session() throws -> ReportSession {
      try ReportSession(
        specification: sweep.specification(), workspace: sweep.workspace, output: sweep.path("report"),
        settings: settings, program: SmallSweep.program, console: RecordedConsole())
    }
    let error = #expect(throws: UsageError.self) { try session() }
    #expect(error?.description.contains("report is a link to /gone/there, which is not there; make that") == true)
    settings.writes = false
    #expect(try session().explanation(method: "Base", cell: "fold 1").contains("evaluation.h5"))
  }

  /// As an annexed label map that was corrected, and is not fetched.
  @Test func aLabelMapThatIsADeadLinkIsLeft() throws {
    try link("labels/Case2.nii.gz")
    var forced = session()
    forced.force = true
    let outcome = try run(forced)
    #expect(outcome.count(.refused) == 1 && outcome.count(.predicted) == 7 && isLink("labels/Case2.nii.gz"))
    let words = try #require(outcome.cases.first { $0.state == .refused }?.problem)
    #expect(
      words
        == "\(sweep.path("labels/Case2.nii.gz")) is a link to /gone/there, which is not there, and is not replaced; make that, remove"
        + " the link, or give another path")
  }

  @Test func soIsWhatIsWrittenBesideALabelMap() throws {
    try link("one_entropy.nii.gz")
    var forced = session(nil, [sweep.path("phantom/MR/Case1.nii.gz")], to: "one.nii.gz")
    (forced.extras, forced.force) = (.uncertainty, true)
    let error = #expect(throws: UsageError.self) { try run(forced) }
    #expect(error?.description.contains("one_entropy.nii.gz is a link to /gone/there") == true)
    #expect(isLink("one_entropy.nii.gz") && !FileManager.default.fileExists(atPath: sweep.path("one.nii.gz")))
  }

  /// Without it nobody knows how the label maps beside it were made.
  @Test func aRecordThatIsADeadLinkIsNotBegunAnew() throws {
    try link("labels/predictions.json")
    let error = #expect(throws: PredictionRecord.Unreadable.self) { try run(session()) }
    #expect(error?.description.contains("predictions.json: it is a link to /gone/there, which is not there. W") == true)
    #expect(isLink("labels/predictions.json"))
  }

  /// Nobody can look into a link to itself, which makes it no run.
  @Test func anImageThatIsADeadLinkIsNoRun() throws {
    try link("loop.nii.gz", to: "loop.nii.gz")
    let words = try #require(try run(session(nil, [sweep.path("loop.nii.gz")])).cases.first?.problem)
    #expect(words.contains("loop.nii.gz: it is a link that leads in a circle; put the file itself"), "\(words)")
  }

  @Test func whatIsToBeScoredIsNamedWithWhereItLeads() throws {
    try link("map.nii.gz")
    try link("names.json")
    try link("set/dataset.json")
    let map = #expect(throws: DatasetErrors.self) {
      try ImageEvaluation.check([sweep.path("map.nii.gz")], in: sweep.workspace)
    }
    #expect(map?.description.contains("map.nii.gz: it is a link to /gone/there, which is not there; fetch it") == true)
    for name in ["names.json", "set"] {
      let error = #expect(throws: DatasetErrors.self) {
        try ImageEvaluation.labels(.file(sweep.path(name)), in: sweep.workspace)
      }
      #expect(error?.description.contains(".json: it is a link to /gone/there, which is not there; fetch it") == true)
    }
    let below = #expect(throws: DatasetErrors.self) {
      try ImageEvaluation.labels(.file(sweep.path("small.json/x.json")), in: sweep.workspace)
    }
    #expect(below?.description.contains("small.json is a file, and a folder is needed there: correct the path") == true)
  }
}
