import Foundation
import Store
import Testing

/// What `safnet run` says of an experiment that it has trained before.
@Suite struct SecondRunTests {
  private func run(_ program: Program, _ arguments: String...) throws -> Program.Result {
    try program.start(["run", "small.json", "--threads", "1"] + arguments).wait()
  }

  /// As `dataset check` gives them.
  private func warnings(_ program: Program, _ arguments: String...) throws -> Int {
    let told = try program.start(["dataset", "check", "small.json"] + arguments).wait()
    return (told.output + "\n" + told.errors).split(separator: "\n").count { $0.hasPrefix("warning: ") }
  }

  /// Nothing is prepared for it: the cases' folder is not even there any more.
  @Test func theWarningsOfTheDataAreCounted() throws {
    let program = try FinishedSweep.copy()
    let count = try warnings(program)
    try #require(count > 1)
    let again = try run(program, "--set", "training.epochs=2")
    #expect(
      again.status == 0
        && again.errors.contains(
          "notice: \(count) warnings of the data; `safnet dataset check small.json --set training.epochs=2` shows them\n"
        ),
      "\(count) \(again.errors)")
  }

  /// What says which cases and which folds are used is told every time; the rest is counted.
  @Test func whatDecidesTheCasesIsToldAgain() throws {
    let program = try FinishedSweep.copy()
    let count = try warnings(program)
    let (set, before) = (program.folder.appending(path: "phantom"), try run(program).errors)
    #expect(!before.contains("warning: "))
    try FileManager.default.copyItem(
      at: set.appending(path: "MR/Case1.nii.gz"), to: set.appending(path: "Case99.nii.gz"))
    try Data(#"[{"train":["Case1"],"val":["Case2"]}]"#.utf8).write(to: set.appending(path: "split_final.json"))
    let again = try run(program)
    #expect(again.status == 0)
    let lines = again.errors.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
    #expect(lines.count == 2, "\(again.errors)")
    #expect(lines.contains { $0.hasPrefix("warning: left out, because not in ") && $0.hasSuffix(": Case99.nii.gz") })
    #expect(lines.contains { $0.hasSuffix("split_final.json is not read; did you mean splits_final.json?") })
    #expect(
      again.errors.contains("notice: \(count) more warnings of the data; `safnet dataset check small.json` shows"))
  }

  /// Another run in its place: what `run` ends with, the look at it does too.
  @Test func aDryRunThatCannotGoOnEndsAsTheRun() throws {
    let program = try FinishedSweep.copy()
    let (one, other) = (try program.run(fold: 1), try program.run(fold: 2))
    try FileManager.default.removeItem(at: one.url)
    try FileManager.default.copyItem(at: other.url, to: one.url)
    let before = try program.contents()
    let dry = try run(program, "--dry-run")
    #expect(dry.status == 1 && dry.output.contains("cannot go on  Base, fold 1"), "\(dry.output)\(dry.errors)")
    #expect(dry.errors.contains("Else move its folder to another place"), "\(dry.errors)")
    #expect(try program.contents() == before)
    let wet = try run(program)
    #expect(wet.status == dry.status && wet.errors.contains("Else move its folder to another place"), "\(wet.errors)")
    let status = try program("status", "small.json")
    let words = "whose name ends in -\(other.name.suffix(12)); `safnet runs show \(one.name)` says how"
    #expect("\(status.output)\(status.errors)".contains(words), "\(status.output)\(status.errors)")
    let shown = try program("runs", "show", one.name)
    #expect(shown.errors.contains("holds the run \(other.name), which is there too"), "\(shown.errors)")
  }

  /// A file of another run in this one's folder: it alone is wrong, and `run` makes the run's own again, as is said.
  @Test(arguments: ["plan.json", "best.h5", "evaluation.h5"]) func aFileOfAnotherRunIsMended(file: String) throws {
    let program = try FinishedSweep.copy()
    let (one, other) = (try program.run(fold: 1), try program.run(fold: 2))
    try Data(contentsOf: other.url.appending(path: file)).write(to: one.url.appending(path: file))
    let status = try program("status", "small.json")
    let words = file == "plan.json" ? "is damaged: it is another run's" : "belongs to another plan"
    #expect(status.output.contains(": \(file) \(words); `safnet run` with its experiment mends it"), "\(status.output)")
    let shown = try program("runs", "show", one.name)
    #expect(!shown.errors.contains("remove"), "\(shown.errors)")
    let dry = try run(program, "--dry-run")
    #expect(dry.status == 0, "\(dry.errors)")
    let result = try run(program)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try one.isWhole() && one.state() == .finished)
  }

  /// What stands in the way of a run's files is told once, before anything is tried.
  @Test(arguments: ["best.h5", "evaluation.h5", "last.h5", "journal.jsonl", "run.log"])
  func aFolderInTheWayCostsNoTries(file: String) throws {
    let program = try FinishedSweep.copy()
    let folder = try program.run(fold: 1).url
    for name in [file, "evaluation.h5"] { try? FileManager.default.removeItem(at: folder.appending(path: name)) }
    try FileManager.default.createDirectory(at: folder.appending(path: file), withIntermediateDirectories: false)
    let result = try run(program)
    #expect(result.status == 1, "\(result.errors)")
    let words = "error: Base, fold 1: \(folder.path)/\(file) is no plain file, where the run keeps one."
    #expect(result.errors.components(separatedBy: words).count == 2, "\(result.errors)")
    #expect(!result.errors.contains("started") && !result.errors.contains("retr"), "\(result.errors)")
    #expect(try run(program, "--dry-run").status == 1)
    // As it says.
    try FileManager.default.removeItem(at: folder.appending(path: file))
    #expect(try run(program).status == 0)
  }

  /// Inside the command that mends, nobody is told to give it.
  @Test(arguments: ["journal.jsonl", "best.h5", "last.h5", "evaluation.h5", "plan.json"])
  func whatMendsIsNotAdvised(file: String) throws {
    let program = try FinishedSweep.copy()
    let damaged = try program.run(fold: 1).url.appending(path: file)
    var data = try Data(contentsOf: damaged)
    data[data.count / 2] ^= 1
    try data.write(to: damaged)
    let result = try run(program)
    #expect(result.status == 0 && result.errors.contains(file), "\(result.errors)")
    for words in ["Give `safnet run`", "`safnet run` with its experiment", "`safnet run` predicts"] {
      #expect(!result.errors.contains(words), "\(result.errors)")
    }
    #expect(!result.errors.contains(". ."), "\(result.errors)")
  }

  /// Without the --set with which they were trained.
  @Test func aReportThatLacksASetSaysSo() throws {
    let program = try FinishedSweep.copy()
    let report = try program("report", "small.json", "--set", "training.epochs=5")
    #expect(report.status == 1 && report.output.isEmpty)
    #expect(report.errors.contains("Put back what the runs below were trained with (their --set, "), "\(report.errors)")
    #expect(report.errors.contains("training.epochs: was 2, is 5"), "\(report.errors)")
    let right = try program("report", "small.json", "--set", "training.epochs=2")
    #expect(right.status == 0, "\(right.errors)")
  }

  /// Another experiment has taken the name: whose the earlier runs were is still known.
  @Test func runsOfAReplacedExperimentKeepTheirNames() throws {
    let program = try FinishedSweep.copy()
    let file = program.folder.appending(path: "small.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data(text.replacing("\"Base\"", with: "\"Plain\"").replacing("\"epochs\": 2", with: "\"epochs\": 1").utf8)
      .write(to: file)
    #expect(try run(program, "--only", "Plain", "--folds", "1").status == 0)
    let rows = try program.json("runs", "list", "--json")
    #expect(rows.allSatisfy { $0["variant"] != nil }, "\(rows)")
    #expect(rows.count { ($0["formerly"] as? [String]) == ["small"] && $0["experiments"] == nil } == 4, "\(rows)")
    let lines = try program("runs", "list").output.split(separator: "\n")
    #expect(lines.count { $0.contains("small (earlier)") && $0.contains("Base") } == 2, "\(lines)")
    #expect(lines.count { $0.contains("Plain") && !$0.contains("earlier") } == 1, "\(lines)")
    #expect(lines.count { $0.hasPrefix("earlier: the last `safnet run` of that experiment asked for others") } == 1)
    let several = try program("runs", "show", "safnet-base-f1")
    #expect(several.errors.contains("Base") && several.errors.contains("Plain"), "\(several.errors)")
  }
}
