import Foundation
import Reporting
import TestSupport
import Testing
import Workbench

/// What somebody wrote or corrected in the folder of a report is not lost to the next one.
@Suite struct OwnReportFilesTests {
  let sweep: SmallSweep
  let console = RecordedConsole()

  init() throws { sweep = try SmallSweep.trained() }

  private func write(
    _ formats: Set<ReportFiles.Format> = [.markdown, .csv, .latex, .json], to output: String = "paper",
    force: Bool = false,
    tables: [String] = [], tools: String = "", hearing: (any Console)? = nil
  ) throws {
    var settings = ReportSession.Settings()
    (settings.file, settings.force) = (URL(fileURLWithPath: sweep.path("small.json")), force)
    let overrides = tables.isEmpty ? [] : ["report.tables=[\(tables.joined(separator: ","))]"]
    let session = try ReportSession(
      specification: sweep.specification(overrides), workspace: sweep.workspace, output: sweep.path(output),
      settings: settings, program: SmallSweep.program, console: console)
    try session.write(formats, searchPath: tools, console: hearing ?? console)
  }

  private func put(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: sweep.path("paper/\(name)"))
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func text(_ name: String) -> String? {
    try? String(contentsOfFile: sweep.path("paper/\(name)"), encoding: .utf8)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: sweep.path("paper")).sorted()
  }

  private func refusal(_ write: () throws -> Void) -> String {
    #expect(throws: ReportRefusal.self) { try write() }?.description ?? ""
  }

  private var folder: String { URL(fileURLWithPath: sweep.path("paper"), isDirectory: true).path }

  @Test func filesOfTheAuthorAreNotReplaced() throws {
    for name in ["report.md", "ablation.csv", "folds.tex", "notes.txt"] { try put(name, "mine: \(name)") }
    let before = try names()
    #expect(
      refusal { try write() }
        == "\(folder) holds ablation.csv, folds.tex and report.md, which `safnet report` did not write, and would replace; nothing was"
        + " written. Give another folder with --output, or move them away; --force replaces them.")
    #expect(try names() == before && before.allSatisfy { text($0) == "mine: \($0)" })
    // As the advice says, each way.
    try write(to: "other")
    try write(force: true)
    #expect(text("report.md") != "mine: report.md" && text("notes.txt") == "mine: notes.txt")
    #expect(console.errors.contains("which `safnet report` did not write, and would replace: replaced (--force)"))
    try write()
  }

  /// Beside a report that never had such a file.
  @Test func aFileThatTheReportNeverHadIsTheAuthors() throws {
    try write([.json])
    try put("methods.md", "mine")
    #expect(
      refusal { try write() }.contains(" holds methods.md, which `safnet report` did not write, and would replace;"))
    #expect(text("methods.md") == "mine")
    // What only stands beside is in nobody's way.
    try write([.json, .csv])
    // A table that the experiment asks for no longer: what has its name goes only where a report wrote it.
    try FileManager.default.removeItem(atPath: sweep.path("paper/methods.md"))
    try FileManager.default.removeItem(atPath: sweep.path("paper/cost.csv"))
    try write([.json])
    try put("cost.csv", "mine")
    try write([.json], tables: ["folds"])
    #expect(text("cost.csv") == "mine" && text("folds.csv") != nil)
  }

  @Test func whatWasCorrectedByHandIsNotReplaced() throws {
    try write()
    let own = try #require(text("methods.md"))
    try put("methods.md", own + "\nThe ethics committee agreed.")
    #expect(
      refusal { try write() }
        == "methods.md in \(folder) was changed since `safnet report` wrote it, perhaps corrected by hand; nothing was written. Give"
        + " another folder with --output, or move it away; --force replaces it.")
    #expect(text("methods.md")?.hasSuffix("agreed.") == true)
    // Other formats do not touch it.
    try write([.csv])
    try FileManager.default.moveItem(atPath: sweep.path("paper/methods.md"), toPath: sweep.path("paper/own-methods.md"))
    try write()
    #expect(text("methods.md") == own && text("own-methods.md") != nil)
    try put("methods.md", "cut")
    try put("ro-crate-metadata.json", "{}")
    #expect(refusal { try write() }.hasPrefix("methods.md and ro-crate-metadata.json in \(folder) were changed since"))
    try write(force: true)
    #expect(text("methods.md") == own)
    #expect(console.errors.contains("perhaps corrected by hand: replaced (--force)"))
  }

  /// What stands there and is no file is nobody's but the author's, whatever was asked for.
  @Test(arguments: [false, true]) func aFolderOfAFilesNameIsTheAuthors(force: Bool) throws {
    try put("report.md/notes.txt", "mine")
    #expect(
      refusal { try write(force: force) }
        == "\(folder)/report.md is a folder, which --force does not replace; nothing was written. Move it away, or give"
        + " another folder with --output.")
    try put("cost.csv/notes.txt", "mine")
    #expect(
      refusal { try write(force: force) }.hasPrefix(
        "\(folder)/cost.csv and \(folder)/report.md are folders, which --force does not replace; nothing was written. Move"
      ))
    #expect(try names() == ["cost.csv", "report.md"] && text("cost.csv/notes.txt") == "mine")
    // As the advice says.
    try write(to: "other", force: force)
    for name in try names() { try FileManager.default.removeItem(atPath: sweep.path("paper/\(name)")) }
    try write(force: force)
  }

  /// Whoever put it there: nothing of it is lost.
  @Test func aFileThatHoldsWhatWouldBeWrittenIsInNobodysWay() throws {
    try write(to: "other")
    try put("folds.csv", String(contentsOfFile: sweep.path("other/folds.csv"), encoding: .utf8))
    try write()
    #expect(text("folds.csv") != nil && text("report.md") != nil)
  }

  /// A table that is no longer asked for would be removed.
  @Test func aCorrectedTableIsNotRemoved() throws {
    try write(tables: ["folds", "cost"])
    try put("cost.csv", "corrected")
    #expect(refusal { try write(tables: ["folds"]) }.hasPrefix("cost.csv in \(folder) was changed since"))
    #expect(text("cost.csv") == "corrected")
  }

  /// Pictures are made by another program, and only where that is installed.
  @Test func picturesOfTheAuthorAreNotReplaced() throws {
    let tool = URL(fileURLWithPath: sweep.path("tools/rsvg-convert"))
    try writeProgram("#!/bin/sh\necho made > \"$4\"\n", to: tool)
    let tools = tool.deletingLastPathComponent().path
    try put("learning-curves.png", "mine")
    #expect(refusal { try write([.figures], tools: tools) }.contains(" holds learning-curves.png, which"))
    try write([.figures])
    #expect(text("learning-curves.png") == "mine")
    try FileManager.default.removeItem(atPath: sweep.path("paper/learning-curves.png"))
    try write([.figures], tools: tools)
    #expect(text("learning-curves.png") == "made\n")
    try write([.figures], tools: tools)
    try put("learning-curves.png", "cropped")
    #expect(refusal { try write([.figures], tools: tools) }.hasPrefix("learning-curves.png in \(folder) was changed"))
  }

  /// Of a program that kept no list the RO-Crate's checksums are known, and without them nothing is.
  @Test func aReportOfAnEarlierProgramIsReplacedWhereNothingSaysOtherwise() throws {
    try write()
    let list = sweep.path("paper/\(WrittenFiles.name)")
    try FileManager.default.removeItem(atPath: list)
    try write()
    try FileManager.default.removeItem(atPath: list)
    try put("report.md", "corrected")
    #expect(refusal { try write() }.hasPrefix("report.md in \(folder) was changed since"))
    try FileManager.default.removeItem(atPath: sweep.path("paper/ro-crate-metadata.json"))
    try write()
    #expect(text("report.md") != "corrected")
    // What such a program wrote besides stays its own when a part of the report was written anew.
    for name in [WrittenFiles.name, "ro-crate-metadata.json"] {
      try FileManager.default.removeItem(atPath: sweep.path("paper/\(name)"))
    }
    try put("report.md", "by an earlier program")
    try write([.csv])
    try write()
    #expect(text("report.md") != "by an earlier program")
    // A table that the record does not name is nobody's.
    try FileManager.default.removeItem(atPath: list)
    try FileManager.default.removeItem(atPath: sweep.path("paper/ro-crate-metadata.json"))
    try write(tables: ["folds"])
    for name in [WrittenFiles.name, "ro-crate-metadata.json"] {
      try FileManager.default.removeItem(atPath: sweep.path("paper/\(name)"))
    }
    try put("cost.csv", "mine")
    #expect(refusal { try write(tables: ["folds", "cost"]) }.contains(" holds cost.csv, which"))
  }

  /// A report that ends in the middle, as here at a folder that comes in between, has said before what it writes.
  @Test func whatIsWrittenIsToldBefore() throws {
    try put("cost.csv", "mine")
    let console = DisturbingConsole(place: sweep.path("paper/report.md"))
    #expect(throws: (any Error).self) { try write(force: true, hearing: console) }
    #expect(text("folds.csv") != nil)
    #expect(try names().contains(WrittenFiles.name))
    let known = WrittenFiles(in: URL(fileURLWithPath: sweep.path("paper"), isDirectory: true))
    let folder = URL(fileURLWithPath: sweep.path("paper"), isDirectory: true)
    try put("folds.csv", "corrected")
    #expect(known.owner(of: "folds.csv", in: folder) == .changed)
    // What was announced and not reached is the author's, if it is ever there.
    try put("ro-crate-metadata.json", "mine")
    #expect(known.owner(of: "ro-crate-metadata.json", in: folder) == .somebodyElse)
  }

  /// Where that cannot be said, nothing is written.
  @Test func withoutAListNothingIsWritten() throws {
    try FileManager.default.createDirectory(
      atPath: sweep.path("paper/\(WrittenFiles.name)"), withIntermediateDirectories: true)
    #expect(
      refusal { try write(force: true) }.hasPrefix(
        "\(folder)/\(WrittenFiles.name) is a folder, which --force does not replace;"))
    #expect(try names() == [WrittenFiles.name])
  }

  /// Killed after some of the files took their places: neither the old nor the new ones are anybody else's.
  @Test func aReportThatWasKilledGoesOn() throws {
    try write([.csv])
    let place = URL(fileURLWithPath: sweep.path("paper"), isDirectory: true)
    var written = WrittenFiles(in: place)
    let new = ["folds.csv": Data("new".utf8), "cost.csv": Data("new too".utf8), "report.md": Data("newest".utf8)]
    try written.announce(new, and: ["x.png"], in: place)
    try put("folds.csv", "new")
    try put("report.md", "newest")
    try put("x.png", "half")
    let known = WrittenFiles(in: place)
    for name in Array(new.keys) + ["x.png"] { #expect(known.owner(of: name, in: place) == .report, "\(name)") }
    try put("folds.csv", "newer")
    #expect(known.owner(of: "folds.csv", in: place) == .changed)
    try put("folds.csv", "new")
    try write()
  }
}

/// Puts a folder in the place of a file once it hears what is replaced: nobody looks out for that any more.
private struct DisturbingConsole: Console {
  let place: String
  let isTerminal = false
  let columns = 80

  func print(_ text: String) {}

  func write(_ text: String) {
    guard text.contains("(--force)") else { return }
    try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
  }
}
