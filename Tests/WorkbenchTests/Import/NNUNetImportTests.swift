import Experiments
import Foundation
import Reporting
import Store
import TestSupport
import Testing
import Volumes
import Workbench

@Suite struct NNUNetImportTests {
  private let foreign: ForeignResults

  init() throws { foreign = try ForeignResults() }

  /// nnU-Net's Dice and ours are the same numbers; what is in neither truth nor prediction counts on neither side.
  @Test func itsOwnScoresAreOurs() throws {
    let directory = try foreign.run()
    let scores = try EvaluationFile.read(directory.evaluationFile)
    #expect(scores.structures == ["L5", "L4", "L4/L5"] && scores.scores.count == 4)
    for fold in [0, 1] {
      let file = foreign.results.appending(path: "fold_\(fold)/validation/summary.json")
      let text = try String(contentsOf: file, encoding: .utf8).replacing("NaN", with: "null")
      let summary = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      for one in try #require(summary["metric_per_case"] as? [[String: Any]]) {
        let path = try #require(one["prediction_file"] as? String)
        let name = String(path.split(separator: "/").last!.dropLast(".nii.gz".count))
        guard let ours = scores.scores.first(where: { $0.name == name }) else { continue }
        let metrics = try #require(one["metrics"] as? [String: [String: Any]])
        for (label, index) in [("1", 0), ("2", 1), ("3", 2)] {
          let theirs = metrics[label]?["Dice"] as? Double
          #expect((theirs == nil) == (ours.dice[index] == nil), "\(name), label \(label)")
          if let theirs, let own = ours.dice[index] { #expect(abs(theirs - own) <= 1e-12, "\(name), label \(label)") }
          #expect(metrics[label]?["n_ref"] as? Double == Double(ours.truthVoxels[index]))
          #expect(metrics[label]?["n_pred"] as? Double == Double(ours.predictedVoxels[index]))
        }
      }
    }
    let notices = try directory.readImport().notices
    #expect(
      notices.contains {
        $0.contains(
          "11 Dice of 4 cases agree with ours to 1e-12; in neither truth nor prediction, and counted on neither side: 1"
        )
      }, "\(notices)")
    #expect(!notices.contains { $0.contains("differs") })
  }

  @Test func whatItWasMadeByIsKept() throws {
    let record = try foreign.run { $0.version = "2.8.1" }.readImport()
    #expect(record.origin.words == "nnU-Net 2.8.1")
    #expect(
      record.origin.details == [
        "trainer": "nnUNetTrainer", "plans": "nnUNetPlans", "configuration": "3d_fullres",
      ])
    #expect(record.folds.map(\.number) == [1, 2] && record.folds.allSatisfy { $0.maps.count == 2 })
    #expect(record.folds.flatMap(\.maps).allSatisfy { $0.sha256.count == 64 && $0.file.hasPrefix("fold_") })
    #expect(record.notices.contains { $0.contains("2 maps of spine_00") && $0.contains("choose the checkpoint") })
  }

  /// Without a trained run there is a report of one row that says so.
  @Test func itIsARowOfEveryTable() throws {
    try foreign.run()
    let session = try ReportSession(
      specification: foreign.specification(), workspace: foreign.workspace, output: foreign.temporary.file("r").path,
      program: SmallSweep.program, console: foreign.console)
    try session.write([.csv, .json, .markdown, .latex], searchPath: "", console: foreign.console)
    for table in session.report.tables {
      let names = table.rows.map(\.label) + table.columns
      let isThere = names.contains { $0 == "nnU-Net" || $0 == "nnU-Net: all" }
      #expect(isThere, "\(table.kind)")
      #expect(table.notes.contains { $0.hasPrefix("nnU-Net is imported: its label maps were made by nnU-Net") })
    }
    let cost = try #require(session.report.table(.cost)?.rows.first { $0.label == "nnU-Net" })
    #expect(cost.cells.allSatisfy { $0.content == .missing }, "an unknown cost is no zero")
  }

  @Test func anotherSplitIsNamedBeforeAnythingIsScored() throws {
    let splits = try foreign.temporary.write(
      "splits.json",
      #"[{"train": ["spine_001", "spine_003", "spine_005"], "val": ["spine_002", "spine_004", "spine_006"]},"#
        + #" {"train": ["spine_002", "spine_004", "spine_006"], "val": ["spine_001", "spine_003", "spine_005"]}]"#)
    let session = try foreign.session(splits: splits)
    let error = #expect(throws: ImportProblems.self) {
      try session.run(in: foreign.workspace, console: foreign.console)
    }
    let seen = ["spine_001", "spine_003"]
    #expect(
      error?.problems == [.otherSplits(given: splits.relativePath, fold: 0, seen: seen, fitting: nil)], "\(error!)")
    #expect(
      error?.description.hasSuffix(
        "\(splits.relativePath), which --splits names, is not the split of these results: its fold 0 trains on spine_001,"
          + " spine_003, which fold_0/validation holds. Name the file that they were trained on, or leave --splits out."
      )
        == true)
    // What `safnet run` has written is proposed where it fits.
    let written = foreign.workspace.root.appending(path: "splits/foreign/splits_final.json")
    try FileManager.default.createDirectory(
      at: written.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: foreign.temporary.file("dataset/splits_final.json"), to: written)
    let again = #expect(throws: ImportProblems.self) {
      try session.run(in: foreign.workspace, console: foreign.console)
    }
    #expect(again?.description.contains(" trained on, as \(written.path), which fits, or leave --splits out.") == true)
    try foreign.run()
  }

  /// The rest of such splits is right: the case is told.
  @Test func oneCaseThatItsFoldTrainsOnIsALeak() throws {
    let splits = try foreign.temporary.write(
      "splits.json",
      #"[{"train": ["spine_001", "spine_004", "spine_005", "spine_006"], "val": ["spine_002", "spine_003"]},"#
        + #" {"train": ["spine_001", "spine_002", "spine_003"], "val": ["spine_004", "spine_005", "spine_006"]}]"#)
    let error = #expect(throws: ImportProblems.self) {
      try foreign.session(splits: splits).run(in: foreign.workspace, console: foreign.console)
    }
    let leak = ImportProblem.leak(
      file: "fold_0/validation/spine_001.nii.gz", name: "spine_001", fold: 0, splits: splits.relativePath,
      isHeldOut: false)
    #expect(error?.problems == [leak], "\(error!)")
  }

  /// A list that does not fit is not the only one: the folder's own is read where none is named.
  @Test func ofSplitsThatDoNotFitItIsSaidThatTheFoldersOwnDo() throws {
    let other = try foreign.temporary.write(
      "other.json",
      #"[{"train": ["spine_001", "spine_003", "spine_005"], "val": ["spine_002", "spine_004", "spine_006"]},"#
        + #" {"train": ["spine_002", "spine_004", "spine_006"], "val": ["spine_001", "spine_003", "spine_005"]}]"#)
    func problems() throws -> [ImportProblem] {
      let error = #expect(throws: ImportProblems.self) {
        try foreign.session(splits: other).run(in: foreign.workspace, console: foreign.console)
      }
      return error?.problems ?? []
    }
    func isSaid(_ problems: [ImportProblem]) -> Bool {
      problems.contains { if case .ownSplitsFit = $0 { true } else { false } }
    }
    #expect(try !isSaid(problems()), "there are none")
    let own = foreign.results.appending(path: "splits_final.json")
    try FileManager.default.copyItem(at: other, to: own)
    #expect(try !isSaid(problems()), "they fit no better")
    try FileManager.default.removeItem(at: own)
    try FileManager.default.copyItem(at: foreign.temporary.file("dataset/splits_final.json"), to: own)
    let first = try #require(try problems().first)
    let words = "\(other.relativePath), which --splits names, does not fit these results, and the folder's own "
    #expect(first.description.hasPrefix(words), "\(first)")
    #expect(first.description.hasSuffix("splits_final.json does: leave --splits out."), "\(first)")
    // As the advice says.
    try foreign.run()
  }

  @Test func aFoldThatTheSplitsHaveNotIsNamedWithTheirFile() throws {
    let splits = try foreign.temporary.write(
      "splits.json",
      #"[{"train": ["spine_004", "spine_005", "spine_006"], "val": ["spine_001", "spine_002", "spine_003"]}]"#)
    let session = try foreign.session(splits: splits)
    let error = #expect(throws: ImportProblems.self) {
      try session.run(in: foreign.workspace, console: foreign.console)
    }
    let results = foreign.results.appending(path: "fold_1").path
    #expect(
      error?.problems == [.noFoldInSplits(file: splits.relativePath, fold: 1, known: 1, results: results)])
    #expect(
      error?.description.contains(
        "\(results) is there, and \(splits.relativePath) has fold 0 alone: name the splits that it was trained on by --splits, or"
          + " move fold_1 away.") == true)
  }

  /// A file that is named is read in place of the folder's own, and that is said where the two differ.
  @Test func splitsThatAreNamedTakeThePlaceOfTheFoldersOwn() throws {
    let own = foreign.results.appending(path: "splits_final.json")
    let sound = foreign.temporary.file("dataset/splits_final.json")
    func run(_ name: String, _ splits: URL? = nil) throws {
      try ImportSession(foreign.specification(), .nnUNet(foreign.results, splits: splits ?? sound), name: name)
        .run(in: foreign.workspace, console: foreign.console)
    }
    try FileManager.default.copyItem(at: sound, to: own)
    try run("alike")
    // The dataset's folder, which holds the file.
    try run("its folder", sound.deletingLastPathComponent())
    #expect(!foreign.console.errors.contains("--splits"))
    // One that was not fetched is not taken for none.
    try FileManager.default.removeItem(at: own)
    try FileManager.default.createSymbolicLink(atPath: own.path, withDestinationPath: "/gone/splits")
    let lost = #expect(throws: DatasetErrors.self) { try foreign.run() }
    #expect(lost?.description.contains("is a link to /gone/splits, which is not there") == true)
    try FileManager.default.removeItem(at: own)
    try Data(#"[{"train": ["x"], "val": ["y"]}]"#.utf8).write(to: own)
    try run("other")
    let words = "notice: the folder's own splits_final.json has other folds: \(sound.relativePath), which --splits"
    #expect(foreign.console.errors.contains(words), "\(foreign.console.errors)")
  }

  /// Of a case that is tested it is a refusal (above); of one that only chose the checkpoint no score tells.
  @Test func aCaseThatTrainsAndChoosesIsSaid() throws {
    try foreign.run()
    let tested = try foreign.tested(1)
    let chooses = try #require(["spine_001", "spine_002", "spine_003"].first { !tested.contains($0) })
    let own = foreign.results.appending(path: "splits_final.json")
    let sound = try String(contentsOf: foreign.temporary.file("dataset/splits_final.json"), encoding: .utf8)
    let first = try #require(sound.range(of: "\"spine_004\""))
    try Data(sound.replacingCharacters(in: first, with: "\"spine_004\", \"\(chooses)\"").utf8).write(to: own)
    try FileManager.default.removeItem(at: foreign.map(0, String(chooses.suffix(1))))
    let console = foreign.console
    try ImportSession(foreign.specification(), .nnUNet(foreign.results, splits: nil), name: "again")
      .run(in: foreign.workspace, console: console)
    let words = "splits_final.json has \(chooses) in train and in val: nnU-Net chose this fold's checkpoint by a case"
    #expect(console.errors.contains(words), "\(console.errors)")
  }

  /// No splits are needed to see it: a fold's predictions are what it held out.
  @Test func predictionsOfAnotherSplitAreNamed() throws {
    try FileManager.default.moveItem(at: foreign.map(1, "4"), to: foreign.map(0, "4"))
    let problems = try foreign.problems()
    #expect(
      problems.contains(.otherSplit(place: "fold_0/validation", fold: 1, strangers: ["spine_004"])), "\(problems)")
  }

  @Test func aScoreThatDiffersIsNamed() throws {
    let file = foreign.results.appending(path: "fold_0/validation/summary.json")
    var summary = try String(contentsOf: file, encoding: .utf8)
    let (first, end) = (try #require(summary.range(of: "metric_per_case")), summary.endIndex)
    let dice = try #require(summary.range(of: "\"Dice\": 0.", range: first.upperBound..<end))
    summary.replaceSubrange(dice, with: "\"Dice\": 0.0")
    for name in try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
    where name.hasSuffix(".json") {
      try Data(summary.utf8).write(to: file)
    }
    let notices = try foreign.run().readImport().notices
    let isTested = try foreign.tested(1).contains("spine_001")
    #expect(notices.contains { $0.contains("summary.json differs in 1: spine_001, L5: 0.0") } == isTested, "\(notices)")
  }

  @Test func aNetworkOfAllCasesIsCalledSo() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: foreign.results.path)
    where name.hasPrefix("fold_") {
      try FileManager.default.moveItem(
        at: foreign.results.appending(path: name),
        to: foreign.results.appending(path: name == "fold_0" ? "fold_all" : "kept_\(name)"))
    }
    #expect(try foreign.problems() == [.onlyFoldAll(folder: foreign.results.path)])
  }

  @Test func aFolderOfSomethingElseIsNamed() throws {
    try FileManager.default.removeItem(at: foreign.results)
    #expect(try foreign.problems() == [.noResults(folder: foreign.temporary.file("results").path, inside: [])])
  }
}
