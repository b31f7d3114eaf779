import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// How a case is known from which networks learnt: by its image, else by its mask, and by its name where nothing else
/// tells.
@Suite struct KnownCaseTests {
  let sweep: SmallSweep
  let run: RunDirectory

  init() throws {
    sweep = try SmallSweep.trained()
    run = try sweep.workspace.runDirectories()[0]
  }

  /// What is said of two folders, `o` and `new`.
  private func warnings(
    _ names: ImageEvaluation.Names, below folder: URL, in workspace: Workspace
  ) throws -> [String] {
    try learntWarnings(folder.appending(path: "o").path, folder.appending(path: "new").path, names, in: workspace)
  }

  private func warnings(_ names: ImageEvaluation.Names? = nil) throws -> [String] {
    try warnings(names ?? .run(run.name), below: sweep.folder, in: sweep.workspace)
  }

  /// The mask of a case under another name.
  private func put(_ name: String, in folder: String, maskOf other: String, isPackedAnew: Bool = false) throws {
    let mask = sweep.folder.appending(path: "phantom/Mask/mask_\(other.lowercased()).nii.gz")
    var bytes = try Data(contentsOf: mask)
    // Gzip's operating system: other bytes of the same voxels, as another reader's mask has other bytes.
    if isPackedAnew { bytes[9] = bytes[9] == 11 ? 3 : 11 }
    try FileManager.default.createDirectory(atPath: sweep.path(folder), withIntermediateDirectories: true)
    try bytes.write(to: sweep.folder.appending(path: "\(folder)/\(name).nii.gz"))
  }

  /// Predicts the image of a case, as it is called where nobody knows the dataset.
  private func predict(_ original: String, as name: String) throws {
    try FileManager.default.createDirectory(atPath: sweep.path("images"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: sweep.path("phantom/MR/\(original).nii.gz"), toPath: sweep.path("images/\(name).nii.gz"))
    var session = PredictionSession(runs: .named([run.name]), inputs: [sweep.path("images")], output: sweep.path("o"))
    session.threads = 1
    _ = try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
  }

  private var sure: String { "warning: p01 was trained on by \(run.name): its score says nothing of new images" }

  @Test func aCaseIsKnownByItsImageWhateverItsMask() throws {
    let learnt = try run.plan().fold.train[0]
    try predict(learnt, as: "p01")
    try put("p01", in: "new", maskOf: learnt, isPackedAnew: true)
    let told = try warnings()
    #expect(told == [sure], "\(told)")
  }

  @Test func whereNoRecordTellsOfTheImageTheMaskDoes() throws {
    let learnt = try run.plan().fold.train[0]
    for folder in ["o", "new"] { try put("p01", in: folder, maskOf: learnt) }
    let told = try warnings()
    #expect(told == [sure], "\(told)")
    try put("p01", in: "new", maskOf: learnt, isPackedAnew: true)
    #expect(try warnings().isEmpty)
  }

  @Test func anImageThatTheDatasetHasNotIsNotKnownByItsName() throws {
    let learnt = try run.plan().fold.train[0]
    for folder in ["o", "new"] { try put(learnt, in: folder, maskOf: learnt, isPackedAnew: true) }
    let told = try warnings()
    #expect(told.count == 1 && told[0].contains("\(learnt) has the name of a case"), "\(told)")
    let entry = #"{"image": "x.nii.gz", "content": "00", "method": 0}"#
    let record = #"{"format": 1, "methods": [], "cases": {"NAME": ENTRY}}"#.replacing("ENTRY", with: entry)
    try Data(record.replacing("NAME", with: learnt).utf8).write(to: sweep.folder.appending(path: "o/predictions.json"))
    #expect(try warnings().isEmpty)
  }

  /// A run may have been trained anew, by another plan under the same name.
  @Test func aRunOfAnotherPlanThanTheRecordsIsNotMeant() throws {
    let learnt = try run.plan().fold.train[0]
    try predict(learnt, as: "p01")
    try put("p01", in: "new", maskOf: learnt)
    #expect(try warnings(.numbers).count == 1)
    let file = sweep.folder.appending(path: "o/predictions.json")
    let (text, identity) = (try String(contentsOf: file, encoding: .utf8), try run.readPlan().identity)
    try #require(text.contains(identity))
    let other = String(repeating: "0", count: identity.count)
    try Data(text.replacing(identity, with: other).utf8).write(to: file)
    #expect(try warnings(.numbers).isEmpty)
  }

  /// Masks may be alike, as empty ones are.
  @Test func ofSeveralCasesWithOneMaskTheNameTells() throws {
    let data = try TinyDataset()
    try data.write(cases: 6)
    let mask = data.root.appending(path: "labelsTr/c1.nii.gz")
    for number in 2...6 {
      let other = data.root.appending(path: "labelsTr/c\(number).nii.gz")
      try FileManager.default.removeItem(at: other)
      try FileManager.default.copyItem(at: mask, to: other)
    }
    _ = try data.study()
    let workspace = Workspace(data.folder.file("Workspace"))
    let opened = try ExperimentOpening(
      specification: data.specification(), workspace: workspace, workers: 1, report: { _ in }
    ).open()
    // One that has learnt from the first of them.
    let planned = try #require(opened.plan.runs.first { !$0.plan.fold.test.contains("c1") })
    try workspace.runDirectory(named: planned.directoryName).create(
      planJSON: planned.plan.canonicalJSON, identity: planned.identity,
      environment: .current(programVersion: "1", instructionSet: "scalar", threads: 1, commandLine: []))
    func told(_ name: String) throws -> [String] {
      for folder in ["o", "new"] {
        let place = data.folder.file(folder)
        try? FileManager.default.removeItem(at: place)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: mask, to: place.appending(path: "\(name).nii.gz"))
      }
      return try warnings(.run(planned.directoryName), below: data.folder.url, in: workspace)
    }
    let (learnt, tested) = (planned.plan.fold.train[0], planned.plan.fold.test[0])
    let said = try told(learnt)
    #expect(said.count == 1 && said[0].hasPrefix("warning: \(learnt) was trained on by "), "\(said)")
    #expect(try told(tested).isEmpty)
  }
}
