import Experiments
import Foundation
import Reporting
import Store
import TestSupport
import Testing
import Volumes
import Workbench

@Suite struct ImportCheckTests {
  private let foreign: ForeignResults

  init() throws { foreign = try ForeignResults() }

  @Test func aMissingMapIsNamed() throws {
    for name in ["1", "2", "3"] { try FileManager.default.removeItem(at: foreign.map(0, name)) }
    let problems = try foreign.problems()
    #expect(
      problems.contains { if case .missing(let cases, _, _) = $0 { cases.count == 2 } else { false } }, "\(problems)")
    #expect("\(problems[0])".contains("--partial"))
  }

  /// Fewer cases stand in a row with its own n, and the reason is in the notes; such a row is not ranked.
  @Test func aPartialRowSaysItsReason() throws {
    let complete = try foreign.run().readImport()
    let absent = complete.folds[0].maps[0]
    try FileManager.default.removeItem(at: foreign.results.appending(path: absent.file))
    #expect(throws: ImportProblems.self) { try foreign.run { $0.replaces = true } }
    try foreign.run {
      $0.replaces = true
      $0.partial = "the scan was not sent"
    }
    #expect(try ImportedRuns(foreign.workspace).methods.count == 1)
    let session = try ReportSession(
      specification: foreign.specification(), workspace: foreign.workspace, output: foreign.temporary.file("r").path,
      program: SmallSweep.program, console: foreign.console)
    let table = try #require(session.report.table(.ablation))
    #expect(table.notes.contains { $0.contains("3/4 cases (without \(absent.name): the scan was not sent)") })
    let cell = try #require(table.cell(row: "nnU-Net", column: "Dice (%)"))
    guard case .number(let number) = cell.content else {
      Issue.record("no number")
      return
    }
    #expect(number.coverage == "3/4 cases" && cell.source?.count == 3)
  }

  @Test func aReasonWithoutNeedIsRefused() throws {
    #expect(throws: ImportRefusal.nothingMissing(name: "nnU-Net")) { try foreign.run { $0.partial = "why" } }
  }

  @Test func twoMapsOfOneCaseAreNamed() throws {
    let tested = try foreign.run().readImport().folds[0].maps[0]
    _ = try ImportedRuns(foreign.workspace).methods[0].directory.remove()
    let file = foreign.results.appending(path: tested.file)
    let twin = file.deletingPathExtension()
    try FileManager.default.copyItem(at: file, to: twin)
    #expect(
      try foreign.problems() == [
        .doubled(name: tested.name, files: [String(tested.file.dropLast(3)), tested.file])
      ])
  }

  @Test func aStrangersMapIsNamed() throws {
    try FileManager.default.copyItem(
      at: foreign.map(0, "1"), to: foreign.results.appending(path: "fold_0/validation/spine_0O1.nii.gz"))
    #expect(
      try foreign.problems() == [
        .notOurs(file: "fold_0/validation/spine_0O1.nii.gz", name: "spine_0O1", nearest: "spine_001")
      ])
  }

  /// Every map is looked at before one is refused: shape, place and labels.
  @Test func whatMapsHoldIsCheckedAsEvaluateDoes() throws {
    let tested = try foreign.run().readImport().folds.flatMap(\.maps)
    _ = try ImportedRuns(foreign.workspace).methods[0].directory.remove()
    let files = tested.map { foreign.results.appending(path: $0.file) }
    let whole = try NIfTI.read(files[0]).geometry
    let shape = Geometry(shape: [6, 32, 30], affine: whole.affine)
    try NIfTI.write([UInt8](repeating: 0, count: 6 * 32 * 30), geometry: shape, to: files[0])
    var rows = whole.affine.rows
    rows[1][3] += 3
    let count = whole.shape.reduce(1, *)
    let moved = Geometry(shape: whole.shape, affine: Affine(rows: rows))
    try NIfTI.write([UInt8](repeating: 0, count: count), geometry: moved, to: files[1])
    var values = [UInt8](repeating: 0, count: count)
    (values[7], values[9]) = (9, 9)
    try NIfTI.write(values, geometry: whole, to: files[2])
    try Data("no map".utf8).write(to: files[3])
    let problems = try foreign.problems()
    #expect(problems.count == 4)
    #expect(
      problems.contains(
        .otherShape(file: tested[0].file, name: tested[0].name, found: "6x30x32", expected: "6x32x32"))
        || problems.contains { if case .otherShape(tested[0].file, _, _, _) = $0 { true } else { false } })
    #expect(
      problems.contains {
        if case .otherPlace(tested[1].file, _, 3, 0.25) = $0 { true } else { false }
      }, "\(problems)")
    #expect(
      problems.contains(
        .unknownLabels(
          files: [tested[2].file], values: [9], voxels: 2, known: [0, 1, 2, 3], structures: ["L5", "L4", "L4/L5"])),
      "\(problems)")
    #expect(
      problems.contains {
        $0.description.hasSuffix(
          "holds the label 9 in 2 voxels; the known ones are 0, 1, 2, 3. Say with --labels FILE what all the"
            + #" numbers mean; such a file holds {"L5": NUMBER, "L4": NUMBER, ...}."#)
      }, "\(problems)")
    #expect(problems.contains { if case .unreadable(tested[3].file, _) = $0 { true } else { false } })
  }

  @Test func otherNumbersAreReadByAFile() throws {
    let plain = try foreign.run()
    let scores = try EvaluationFile.read(plain.evaluationFile).scores
    _ = try plain.remove()
    for map in try FileManager.default.subpathsOfDirectory(atPath: foreign.results.path)
    where map.hasSuffix(".nii.gz") {
      let file = foreign.results.appending(path: map)
      let volume = try NIfTI.read(file)
      let values = volume.geometry.axes.file(from: volume.grid, shape: volume.geometry.shape)
      try NIfTI.write(values.map { $0 == 0 ? UInt8(0) : UInt8(40 - 10 * $0) }, geometry: volume.geometry, to: file)
    }
    // All numbers of all maps at once, with what names them.
    let told = #expect(throws: ImportProblems.self) { try foreign.run() }
    #expect(told?.problems.count == 1)
    #expect(
      told?.description.contains(" hold the labels 10, 20, 30 in ") == true
        && told?.description.contains(
          "; the known ones are 0, 1, 2, 3. Say with --labels FILE what all the numbers mean; such a file holds {\"L5\": 10, \"L4\": 20,"
            + " ...}.") == true,
      "\(told!)")
    let typed = #expect(throws: ImportProblems.self) {
      try foreign.run { $0.labels = URL(fileURLWithPath: #"{"L5": 30}"#) }
    }
    #expect(
      typed?.description.hasSuffix(#"{"L5": 30}: --labels is a file: write this into one, and give its name."#) == true)
    let absent = #expect(throws: ImportProblems.self) {
      try foreign.run { $0.labels = URL(fileURLWithPath: "/nowhere/l.json") }
    }
    #expect(absent?.description.contains("/nowhere/l.json: there is no such file. Give a dataset.json, or") == true)
    let labels = try foreign.temporary.write("labels.json", #"{"background": [0, 7], "L5": 30, "L4": 20, "L4/L5": 10}"#)
    let again = try foreign.run { $0.labels = labels }
    #expect(try EvaluationFile.read(again.evaluationFile).scores == scores)
    #expect(try again.readImport().numbers == [0: "background", 7: "background", 30: "L5", 20: "L4", 10: "L4/L5"])
    try foreign.temporary.write("labels.json", #"{"L5": 30, "L9": 20}"#)
    let error = #expect(throws: ImportProblems.self) { try foreign.run { $0.labels = labels } }
    #expect(error?.description.contains("\"L9\" is no structure of this experiment, did you mean L5?") == true)
  }

  @Test func theSameMapsTwiceChangeNothing() throws {
    let first = try foreign.run()
    let bytes = try Data(contentsOf: first.importFile)
    #expect(try foreign.run() == first)
    #expect(foreign.console.output.last?.contains("the same maps are imported already") == true)
    #expect(try Data(contentsOf: first.importFile) == bytes)
    let map = foreign.results.appending(path: try first.readImport().folds[0].maps[0].file)
    let volume = try NIfTI.read(map)
    try NIfTI.write(
      [UInt8](repeating: 0, count: volume.grid.values.count), geometry: volume.geometry, to: map)
    #expect(throws: ImportRefusal.otherContent(name: "nnU-Net", run: first.name)) { try foreign.run() }
    let second = try foreign.run { $0.replaces = true }
    #expect(second != first && !first.exists)
    #expect(try ImportedRuns(foreign.workspace).methods.map(\.directory) == [second])
  }

  @Test func aDamagedImportIsMadeAnew() throws {
    let directory = try foreign.run()
    #expect(try directory.state() == .finished && directory.isWhole())
    let scores = try Data(contentsOf: directory.evaluationFile)
    try scores.dropLast(9).write(to: directory.evaluationFile)
    #expect(try directory.state() == .damaged)
    #expect(try foreign.run() == directory)
    #expect(try directory.isWhole() && EvaluationFile.read(directory.evaluationFile).scores.count == 4)
  }

  @Test func aVariantsNameIsTaken() throws {
    var session = ImportSession(
      try foreign.specification(), .predictions(foreign.results.appending(path: "fold_0/validation")), name: "SAFNet")
    session.partial = "one fold"
    #expect(throws: ImportRefusal.nameTaken(name: "SAFNet", variants: ["SAFNet"])) {
      try session.run(in: foreign.workspace, console: foreign.console)
    }
  }

  /// What other commands say of it.
  @Test func itIsShownListedAndRemoved() throws {
    let directory = try foreign.run { $0.version = "2.8.1" }
    let text = try ImportDescription(of: directory).text
    #expect(text.contains("made by nnU-Net 2.8.1 (configuration 3d_fullres"))
    #expect(text.contains("4 test cases, mean Dice"))
    let statuses = try StatusBoard(workspace: foreign.workspace, of: nil, console: foreign.console).read()
    #expect(statuses.map(\.run) == [directory.name] && statuses[0].state == .finished)
    #expect(statuses[0].testDice != nil && statuses[0].notice == nil)
    let own = try StatusBoard(
      workspace: foreign.workspace, of: foreign.specification(), console: foreign.console
    ).read()
    #expect(own.contains { $0.run == directory.name })
    try foreign.workspace.remove([directory.name], confirmed: true) { _ in }
    #expect(try ImportedRuns(foreign.workspace).methods.isEmpty)
  }

  /// Imported folds are no runs of the experiment.
  @Test func aReportOfImportsAloneSaysSo() throws {
    try foreign.run()
    let report = try ReportSession(
      specification: foreign.specification(), workspace: foreign.workspace, output: foreign.temporary.file("r").path,
      program: SmallSweep.program, console: foreign.console
    ).report
    #expect(report.input.variants.contains { $0.imported != nil })
    #expect(
      report.status
        == "No run of the experiment has finished: the tables show imported methods alone. Train with `safnet run`.")
  }

  @Test func whatWasScoredOnOtherFoldsIsLeftOutAndNamed() throws {
    try foreign.run()
    let other = try foreign.specification(["folds.validation=2"])
    _ = try ReportSession(
      specification: other, workspace: foreign.workspace, output: foreign.temporary.file("r").path,
      program: SmallSweep.program, console: foreign.console)
    #expect(
      foreign.console.errors.contains(
        "the imported method nnU-Net is left out: it was scored on other folds; import it again."))
  }
}
