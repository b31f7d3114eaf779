import Experiments
import Foundation
import Reporting
import TestSupport
import Testing

@Suite struct ProvenanceTests {
  @Test func theRecordHoldsEveryCell() throws {
    let report = Report(Fixture.halfDone, ReportOptions(deviation: .folds, seed: 9))
    let record = try JSONDecoder().decode(ReportRecord.self, from: ReportRecord(report).json)
    #expect(record == ReportRecord(report))
    #expect(record.options.reportOptions == report.options)
    #expect(record.provenance == Fixture.provenance)
    #expect(record.runs.map(\.state) == ["finished", "finished", "finished", "finished", "finished", "interrupted"])
    for (table, stored) in zip(report.tables, record.tables) {
      #expect(stored.cells.count == table.rows.count * table.columns.count)
    }
    let cell = try #require(record.tables[0].cells.first { $0.row == "SAFNet" && $0.column == "Mean" })
    let number = try #require(report.tables[0].cell(row: "SAFNet", column: "Mean")?.number)
    #expect(cell.value == number.value && cell.deviation == number.deviation)
    #expect(cell.n == 2 && cell.coverage == "2/3 folds")
    #expect(cell.runs == [Fixture.identity(3, 1), Fixture.identity(3, 2)])
    #expect(cell.statistic == "mean ± standard deviation (n − 1) over fold means")
  }

  /// Names are compared as they were written, whatever joins the separators beside them.
  @Test func aCellIsNamedWhateverTheNames() throws {
    var input = Fixture.complete
    input.variants[0].name = "a\u{600},\u{301}|&\r\n\"x"
    input.proposed = input.variants[0].name
    let report = Report(input)
    let folder = try TemporaryFolder()
    try ReportFiles(report, formats: [.csv, .latex, .markdown, .json]).write(to: folder.url)
    #expect(ReportCheck.differences(in: folder.url, from: report).isEmpty)
    let file = folder.file("folds.csv")
    let text = try String(contentsOf: file, encoding: .utf8)
    let value = try #require(report.table(.folds)?.rows.last?.cells.last?.number?.value)
    try Data(text.replacingOccurrences(of: "\(value)", with: "99.5").utf8).write(to: file)
    let found = ReportCheck.differences(in: folder.url, from: report)
    #expect(found.count == 1 && found[0].contains(", Mean: 99.5, but the runs give \(value)."), "\(found)")
  }

  @Test func theSameStoreGivesTheSameBytes() throws {
    let report = { Report(Fixture.complete, ReportOptions(paper: ReportPlan.PaperTable.allCases)) }
    #expect(ReportFiles(report()) == ReportFiles(report()))
    #expect(
      ReportFiles(report()).contents.keys.sorted() == [
        "ablation.csv", "ablation.tex", "cases-wide.csv", "cases.csv", "checklist.md", "cost.csv", "cost.tex",
        "folds.csv", "folds.tex", "learning-curves.svg", "levels.csv", "levels.tex", "methods.md",
        "overlap.csv", "overlap.tex", "report.html", "report.json", "report.md", "structure-dice.svg",
        "structures.csv", "structures.tex", "surfaces.csv", "surfaces.tex", "uncertainty.csv",
        "uncertainty.tex",
      ])
  }

  @Test func tablesAreTheOnesAskedForInTheirOrderInEveryFormat() throws {
    let kinds: [ReportPlan.Table] = [.cost, .folds]
    let report = Report(Fixture.complete, ReportOptions(tables: kinds))
    #expect(report.tables.map(\.kind) == kinds && report.table(.ablation) == nil)
    let files = ReportFiles(report).contents
    #expect(
      files.keys.filter { $0.hasSuffix(".csv") || $0.hasSuffix(".tex") }.sorted() == [
        "cases-wide.csv", "cases.csv", "cost.csv", "cost.tex", "folds.csv", "folds.tex",
      ])
    for name in ["report.md", "report.html"] {
      let text = String(decoding: try #require(files[name]), as: UTF8.self)
      let (cost, folds) = (text.range(of: "Table 5 · Cost"), text.range(of: "Table 1 · Methods and folds"))
      #expect(try #require(cost).lowerBound < #require(folds).lowerBound)
      #expect(!text.contains("Table 2") && !text.contains("Table 3") && !text.contains("Table 4"))
    }
    let record = try JSONDecoder().decode(ReportRecord.self, from: try #require(files["report.json"]))
    #expect(record.tables.map(\.identifier) == ["cost", "folds"] && record.options.reportOptions.tables == kinds)
  }

  @Test func aTableThatIsNoLongerAskedForDoesNotStay() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    try Data("mine".utf8).write(to: folder.appending(path: "surfaces.csv"))
    try ReportFiles(Report(Fixture.complete, ReportOptions(tables: [.folds, .cost]))).write(to: folder)
    try ReportFiles(Report(Fixture.complete, ReportOptions(tables: [.folds]))).write(to: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.contains("folds.csv") && names.contains("folds.tex"))
    #expect(!names.contains("cost.csv") && !names.contains("cost.tex"))
    // What no report wrote is not a report's to remove.
    #expect(names.contains("surfaces.csv"))
    #expect(ReportCheck.differences(in: folder, from: Report(Fixture.complete, ReportOptions(tables: [.folds]))) == [])
  }

  @Test func onlyTheFormatsAskedForAreWritten() throws {
    let files = ReportFiles(Report(Fixture.complete), formats: [.markdown])
    #expect(files.contents.keys.sorted() == ["checklist.md", "methods.md", "report.md"])
    #expect(!String(decoding: files.contents["report.md"]!, as: UTF8.self).contains(".svg"))
  }

  @Test func explainsACellDownToItsCases() throws {
    let report = Report(Fixture.complete)
    let text = try Explanation(report, method: "safnet", cell: "fold 3").text
    let evaluations = try #require(Fixture.complete.variants[0].run(fold: 3)?.evaluations)
    #expect(text.hasPrefix("Table 1 · Methods and folds: SAFNet, Fold 3: 83.80 ± 3.64\n"))
    #expect(text.contains("n = 5\n  run 3a3fffffffff  fold 3  finished  runs/safnet-f3-3/evaluation.h5"))
    for evaluation in evaluations {
      #expect(text.contains("\(NumberFormat.fixed(4).text(evaluation.meanDice! * 100))  \(evaluation.name)"))
    }
    let structure = try Explanation(report, method: "Base", cell: "L5").text
    #expect(structure.hasPrefix("Table 3 · Structures: Base, L5: ") && structure.contains("n = 15"))
  }

  @Test func explainsWhyACellIsEmpty() throws {
    let text = try Explanation(Report(Fixture.halfDone), method: "SAFNet", cell: "difference").text
    #expect(text.contains("SAFNet is not compared with Base: different test cases (10 and 15)."))
  }

  @Test func namesWhatThereIsToExplain() {
    let report = Report(Fixture.complete)
    #expect(throws: Explanation.Failure.unknownMethod("UNet", known: ["SAFNet", "Base", "Base + ASPP"], cell: "Mean")) {
      try Explanation(report, method: "UNet", cell: "Mean")
    }
    let error = #expect(throws: Explanation.Failure.self) { try Explanation(report, method: "Base", cell: "fold 9") }
    #expect(
      error?.description.hasPrefix(
        "--explain: no cell is called 'fold 9', did you mean Fold 1?; there are Fold 1, Fold 2, Fold 3, Mean, ASPP")
        == true,
      "\(error?.description ?? "")")
    #expect(
      Explanation.Failure.unknownMethod("Base2", known: ["Base", "B"], cell: "Mean").description
        == "--explain: no method is called 'Base2', did you mean Base?; there are Base, B")
    let turned = #expect(throws: Explanation.Failure.self) { try Explanation(report, method: "fold 3", cell: "base") }
    #expect(turned?.description == "--explain: the method comes first, then the cell: --explain Base 'fold 3'")
  }

  @Test func checkIsSilentWhenNothingChanged() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    let options = ReportOptions(deviation: .folds, paper: ReportPlan.PaperTable.allCases)
    try ReportFiles(Report(Fixture.complete, options)).write(to: folder)
    #expect(try ReportCheck.options(in: folder) == options)
    #expect(ReportCheck.differences(in: folder, from: Report(Fixture.complete, options)) == [])
  }

  @Test func checkNamesEveryCellThatAChangedScoreChanges() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    try ReportFiles(Report(Fixture.complete)).write(to: folder)
    var changed = Fixture.complete
    changed.variants[0].runs[1].evaluations![2].dice[1]! += 0.001
    let differences = ReportCheck.differences(in: folder, from: Report(changed))
    #expect(differences.contains { $0.hasPrefix("report.json: folds, SAFNet, Fold 2: ") })
    #expect(differences.contains { $0.hasPrefix("folds.csv: SAFNet, Fold 2: ") })
    #expect(differences.contains { $0.hasPrefix("structures.csv: L5, SAFNet: ") })
    #expect(!differences.contains { $0.contains("Fold 1") || $0.contains("Fold 3") || $0.contains(": Base,") })
  }

  @Test(arguments: [
    (
      "folds.csv", "85.189", "86.189",
      "folds.csv: SAFNet, Fold 2: 86.18914451201756, but the runs give 85.18914451201756."
    ),
    ("folds.tex", "85.19", "85.91", "folds.tex: SAFNet, Fold 2: "),
    (
      "report.md", "**85.19 ± 4.26**", "**85.91 ± 4.26**",
      "report.md: SAFNet, Fold 2: **85.91 ± 4.26**, but the runs give **85.19 ± 4.26**."
    ),
    (
      "report.json", "85.18914451201756", "85.18914451201799",
      "report.json: folds, SAFNet, Fold 2: 85.18914451201799 ± 4.26387449385546 (n = 5), but the runs give 85.18914451201756 ± 4.26387449385546 (n = 5)."
    ),
  ])
  func checkFindsAChangedDigit(_ file: String, _ old: String, _ new: String, _ message: String) throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    let report = Report(Fixture.complete)
    try ReportFiles(report).write(to: folder)
    let url = folder.appending(path: file)
    let text = try String(contentsOf: url, encoding: .utf8)
    let changed = text.replacingOccurrences(of: old, with: new)
    #expect(changed != text)
    try changed.write(to: url, atomically: true, encoding: .utf8)
    let differences = ReportCheck.differences(in: folder, from: report)
    #expect(differences.contains { $0.hasPrefix(message) }, "\(differences)")
    #expect(differences.allSatisfy { $0.hasPrefix(file) })
  }

  /// Of what is no file nobody knows that it agrees: neither of what is compared, nor of what is only written.
  @Test func checkNamesFoldersInThePlaceOfFiles() throws {
    let folder = try TemporaryFolder()
    let report = Report(Fixture.complete)
    try ReportFiles(report).write(to: folder.url)
    let words =
      "is a folder, and a file of the report belongs there; move it away, and the same command without --check writes the"
      + " file."
    func found(_ names: String...) throws -> [String] {
      for name in names {
        try FileManager.default.removeItem(at: folder.file(name))
        try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: false)
      }
      return ReportCheck.differences(in: folder.url, from: report)
    }
    #expect(try found("report.md", "ablation.csv") == ["ablation.csv \(words)", "report.md \(words)"])
    // The page is compared with nothing: it must be known that it was written.
    var written = WrittenFiles(in: folder.url)
    try written.announce([:], and: ["report.html"], in: folder.url)
    #expect(
      try found("report.json", "report.html")
        == ["ablation.csv", "report.html", "report.json", "report.md"].map { "\($0) \(words)" })
  }

  /// A link to itself nobody may follow.
  @Test func checkNamesWhatCannotBeRead() throws {
    let folder = try TemporaryFolder()
    let report = Report(Fixture.complete)
    try ReportFiles(report).write(to: folder.url)
    try FileManager.default.removeItem(at: folder.file("report.md"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("report.md").path, withDestinationPath: "report.md")
    let found = ReportCheck.differences(in: folder.url, from: report)
    let words = "report.md cannot be read (too many levels of symbolic links), and is not compared; "
    #expect(found.count == 1 && found[0].hasPrefix(words), "\(found)")
  }

  @Test(.enabled(if: geteuid() != 0, "root may read every file")) func checkNamesWhatMayNotBeRead() throws {
    let folder = try TemporaryFolder()
    let report = Report(Fixture.complete)
    try ReportFiles(report).write(to: folder.url)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.file("report.md").path)
    #expect(
      ReportCheck.differences(in: folder.url, from: report) == [
        "report.md cannot be read (permission denied), and is not compared; give this user the right to do so (chmod,"
          + " chown), then give the same command again."
      ])
  }

  @Test func checkNeedsARecord() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    #expect(throws: ReportCheck.Failure.noRecord(folder: folder.path, below: [], isOwn: true)) {
      try ReportCheck.options(in: folder)
    }
    #expect(ReportCheck.differences(in: folder, from: Report(Fixture.complete)) == ["report.json is missing."])
    try temporary.write("report.json", "{")
    let error = #expect(throws: ReportCheck.Failure.self) { try ReportCheck.options(in: folder) }
    #expect(
      error?.description.hasSuffix("report.json is no report's record. Give the folder of a report with --output.")
        == true)
    try temporary.write(WrittenFiles.name, "{}")
    let damage = #expect(throws: ReportCheck.Failure.self) { try ReportCheck.options(in: folder) }
    #expect(damage?.description.contains("report.json is damaged: it is no report's record any more. Move it") == true)
    for place in [temporary.file("report.json").path, "/dev/null"] {
      #expect(throws: ReportCheck.Failure.file(place)) {
        try ReportCheck.options(in: URL(fileURLWithPath: place, isDirectory: true))
      }
    }
  }

  /// The folder of all reports: one that is written there would be strewn among them.
  @Test func checkNamesTheReportsBelow() throws {
    let temporary = try TemporaryFolder()
    let report = temporary.file("t")
    try FileManager.default.createDirectory(at: report, withIntermediateDirectories: false)
    try ReportFiles(Report(Fixture.complete)).write(to: report)
    let error = #expect(throws: ReportCheck.Failure.self) { try ReportCheck.options(in: temporary.url) }
    #expect(error == .noRecord(folder: temporary.url.path, below: [report.path], isOwn: false))
    #expect(error?.description.contains("There is one in \(report.path): --output ") == true)
    #expect(error?.description.contains("without --check") == false)
    try FileManager.default.removeItem(at: report.appending(path: "report.json"))
    let none = #expect(throws: ReportCheck.Failure.self) { try ReportCheck.options(in: temporary.url) }
    #expect(none?.description.hasSuffix("it has no report.json. Give the folder of one with --output.") == true)
  }
}
