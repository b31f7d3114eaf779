import Experiments
import Foundation
import Reporting
import Scheduling
import Store
import Testing
import Training
import Volumes

import Workbench

@Suite struct TestSetTests {
  let sweep: SmallSweep
  let console = RecordedConsole()

  init() throws {
    sweep = try SmallSweep.trained()
    var phantom = try #require(try sweep.specification().dataset.phantom)
    (phantom.cases, phantom.seed) = (3, 77)
    try phantom.write(to: URL(fileURLWithPath: sweep.path("external")), workers: 1) { _, _ in }
  }

  private func specification(_ overrides: String...) throws -> Specification {
    try Specification.load(
      sweep.folder.appendingPathComponent("small.json"),
      overrides: ["test.path=\"\(sweep.path("external"))\""] + overrides)
  }

  /// The names of the runs that `safnet run` trained.
  @discardableResult private func run(_ specification: Specification, dry: Bool = false) throws -> [String] {
    let submissions = Submissions()
    var settings = SweepSession.Settings()
    (settings.executor, settings.dryRun) = ("here", dry)
    let session = SweepSession(
      specification: specification, workspace: sweep.workspace, settings: settings, program: SmallSweep.program,
      machine: .init(cores: 2, freeMemory: 1 << 40), executors: ExecutorList([.here(submissions)]), console: console)
    _ = try session.run(stop: StopFlag())
    return submissions.names
  }

  private func session(_ specification: Specification) throws -> ReportSession {
    try ReportSession(
      specification: specification, workspace: sweep.workspace, output: sweep.path("report"),
      program: SmallSweep.program, console: console)
  }

  @Test func everyRunAndTheEnsembleOfItsFoldsIsTestedWithoutTraining() throws {
    let plain = try session(try sweep.specification()).report
    let specification = try specification("prediction.mirror=true")
    #expect(try run(specification).isEmpty, "nothing is trained")
    let session = try session(specification)
    let report = session.report
    let test = try #require(report.input.test)
    #expect(test.cases == ["Case1", "Case2", "Case3"])
    #expect(
      test.rows.map(\.name) == [
        "SAFNet", "SAFNet + ensemble of folds", "SAFNet + mirror", "Base", "Base + ensemble of folds", "Base + mirror",
      ])
    #expect(test.rows.map(\.finished.count) == [2, 1, 2, 2, 1, 2])
    #expect(report.input.variants[0] == plain.input.variants[0], "cross-validation is what it was")
    // The ensemble's numbers are those of `safnet predict` and `safnet evaluate`.
    let names = try sweep.workspace.runDirectories().filter { $0.name.hasPrefix("safnet-base-") }.map(\.name)
    var prediction = PredictionSession(
      runs: .variant(specification, name: "Base"), inputs: [sweep.path("external/MR")], output: sweep.path("labels"))
    prediction.threads = 1
    #expect(try prediction.run(in: sweep.workspace, program: SmallSweep.program, console: console).networks.count == 2)
    for score in try #require(test.rows[4].finished[0].evaluations) {
      var evaluated = try ImageEvaluation(
        prediction: sweep.path("labels/\(score.name).nii.gz"),
        truth: sweep.path("external/Mask/mask_\(score.name.lowercased()).nii.gz"), names: .run(names[0]),
        in: sweep.workspace
      ).scores
      evaluated.name = score.name
      #expect(evaluated == score)
    }
    // The table shows the row's cross-validation beside it.
    let table = try #require(report.table(.test))
    let own = try #require(table.cell(row: "Base", column: "Cross-validation (%)"))
    #expect(own.content == report.table(.ablation)?.cell(row: "Base", column: "Dice (%)")?.content)
    let scores = try #require(test.rows[3].finished.first?.evaluations)
    let second = try #require(test.rows[3].finished.last?.evaluations)
    var means: [Double] = []
    for (one, two) in zip(scores, second) {
      let own: [Double] = [one.meanDice, two.meanDice].compactMap { $0 }
      if !own.isEmpty { means.append(100 * own.reduce(0, +) / Double(own.count)) }
    }
    let expected = means.reduce(0, +) / Double(means.count)
    guard case .number(let mean)? = table.cell(row: "Base", column: "Test Dice (%)")?.content else {
      return #expect(Bool(false), "no mean")
    }
    #expect(abs(mean.value - expected) < 1e-9)
    #expect(table.cell(row: "Base", column: "Networks")?.content == .number(Number(2, .fixed(0))))
    try session.write([.csv, .json], searchPath: "", console: console)
    let lines = try String(contentsOfFile: sweep.path("report/test-cases.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("small,Base + ensemble of folds,2023,1,Case2,") })
    #expect(try String(contentsOfFile: sweep.path("report/test.csv"), encoding: .utf8).contains("Base + mirror"))
    #expect(try run(specification).isEmpty)
  }

  @Test(arguments: [false, true]) func imagesOfTheTrainingSetAreRefusedByName(dry: Bool) throws {
    for (own, copy) in [("MR/Case4.nii.gz", "MR/Case9.nii.gz"), ("Mask/mask_case4.nii.gz", "Mask/mask_case9.nii.gz")] {
      try FileManager.default.copyItem(atPath: sweep.path("phantom/\(own)"), toPath: sweep.path("external/\(copy)"))
    }
    let before = try FileManager.default.subpathsOfDirectory(atPath: sweep.path("Workspace/cache"))
    let error = #expect(throws: SpecificationErrors.self) { try run(try specification(), dry: dry) }
    if dry { #expect(try FileManager.default.subpathsOfDirectory(atPath: sweep.path("Workspace/cache")) == before) }
    #expect(
      error.map { "\($0)".contains("test.path: the test set holds images of the training set: Case9 is Case4;") }
        == true)
  }

  /// Another gamma: no longer the same image, and said.
  @Test func nearCopiesOfTrainingImagesAreSaid() throws {
    let image = try NIfTI.read(URL(fileURLWithPath: sweep.path("phantom/MR/Case4.nii.gz")))
    let most = image.grid.values.max() ?? 1
    let values = image.geometry.axes.file(from: image.grid, shape: image.geometry.shape).map {
      Float(1000 * pow(max($0, 0) / most, 0.6))
    }
    try NIfTI.write(values, geometry: image.geometry, to: URL(fileURLWithPath: sweep.path("external/MR/Case9.nii.gz")))
    try FileManager.default.copyItem(
      atPath: sweep.path("phantom/Mask/mask_case4.nii.gz"), toPath: sweep.path("external/Mask/mask_case9.nii.gz"))
    try run(try specification(), dry: true)
    #expect(
      console.errors.contains("images of the test set are nearly images of the experiment's own cases"),
      "\(console.errors)")
    #expect(console.errors.contains("or it is mirrored or cropped): Case9 and Case4. They make scores too good"))
  }

  /// A number more than is learnt: the message is of the test set, what it says is done, and nothing is trained anew.
  @Test func whatOnlyTheTestSetNamesIsBackgroundThere() throws {
    let root = sweep.folder.appending(path: "nnunet")
    for part in ["imagesTr", "labelsTr"] {
      try FileManager.default.createDirectory(at: root.appending(path: part), withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(
      atPath: sweep.path("external/MR/Case1.nii.gz"), toPath: sweep.path("nnunet/imagesTr/a_0000.nii.gz"))
    let mask = try NIfTI.read(URL(fileURLWithPath: sweep.path("external/Mask/mask_case1.nii.gz")))
    var values = mask.geometry.axes.file(from: mask.grid, shape: mask.geometry.shape).map { Int16($0) }
    for index in 0..<9 { values[index] = 40 }
    try NIfTI.write(values, geometry: mask.geometry, to: root.appending(path: "labelsTr/a.nii.gz"))
    func name(_ structures: String) throws {
      try Data("{\"labels\": {\(structures)}, \"numTraining\": 1}".utf8).write(to: root.appending(path: "dataset.json"))
    }
    let specification = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["test.path=\"\(root.path)\""])
    try name("\"Y\": 41")
    let error = #expect(throws: DatasetErrors.self) { try run(specification) }
    let words = error?.description ?? ""
    #expect(
      words.contains("test.path: \(root.path)/labelsTr/a.nii.gz: holds the labels [40]")
        && words.contains("name them in the test set's dataset.json, by which they count as background there"),
      "\(words)")
    try name("\"Y\": 41, \"X\": 40")
    #expect(try run(specification).isEmpty, "nothing is trained")
    #expect(
      console.errors.contains("masks of the test set hold 40, which its own file names and no network here learns"))
    #expect(try session(specification).report.input.test?.cases == ["a"])
  }

  @Test func reportsNeedTheWorkspaceOnly() throws {
    let specification = try specification()
    try run(specification)
    let before = try session(specification).report.input.test
    try FileManager.default.moveItem(atPath: sweep.path("external"), toPath: sweep.path("archived"))
    #expect(try session(specification).report.input.test == before)
    #expect(console.errors.contains("the test set was not looked at"))
  }

  @Test func anotherContentIsNotTestedYet() throws {
    let specification = try specification()
    try run(specification)
    for file in ["MR/Case3.nii.gz", "Mask/mask_case3.nii.gz"] {
      try FileManager.default.removeItem(atPath: sweep.path("external/\(file)"))
    }
    let report = try session(specification).report
    #expect(console.errors.contains("has changed since the runs were tested on it"))
    let table = try #require(report.table(.test))
    #expect(table.notes.contains("Base is incomplete: 0 of 2 tested (not scored yet)."))
    try run(specification)
    #expect(
      try session(specification).report.input.test?.rows.allSatisfy { $0.runs.count == $0.finished.count } == true)
  }
}
