import Foundation
import Store
import Testing

/// Reports of a finished sweep, of two tables in an order of their own.
@Suite struct ReportCommandTests {
  private static let chosen = ["report", "small.json", "--set", "report.tables=[\"cost\",\"folds\"]"]

  /// The first report, in the folder `first`; made once, and read by every test.
  private static let first = Result {
    let program = try FinishedSweep.copy().keptUntilExit()
    return (program: program, result: try program.start(chosen + ["--output", "first"]).wait())
  }

  private func files(_ program: Program, _ folder: String) throws -> [String: Data] {
    let root = program.folder.appendingPathComponent(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: root.appendingPathComponent($0))) })
  }

  @Test func tablesArePrintedInTheExperimentsOrder() throws {
    let result = try Self.first.get().result
    #expect(result.status == 0, "\(result.errors)")
    let cost = try #require(result.output.range(of: "Table 5 · Cost"))
    let folds = try #require(result.output.range(of: "Table 1 · Methods and folds"))
    #expect(cost.lowerBound < folds.lowerBound)
    #expect(!result.output.contains("Table 2"))
  }

  @Test func onlyTheExperimentsTablesAreWritten() throws {
    let written = try files(Self.first.get().program, "first")
    #expect(written.keys.contains("cost.tex") && written.keys.contains("folds.csv"))
    #expect(!written.keys.contains("ablation.csv"))
  }

  @Test func printChoosesWhatIsPrintedAndNotWhatIsWritten() throws {
    let program = try Program(copying: Self.first.get().program)
    let only = try program.start(Self.chosen + ["--output", "second", "--print", "folds"]).wait()
    #expect(only.output.hasPrefix("Table 1") && !only.output.contains("Table 5"))
    #expect(try files(program, "second") == files(program, "first"))
  }

  @Test func aTableThatTheReportLacksIsRefused() throws {
    let stranger = try Self.first.get().program.start(Self.chosen + ["--print", "ablation"]).wait()
    #expect(stranger.status == 2)
    #expect(
      stranger.errors == "error: --print ablation: this report has cost, folds (report.tables of the experiment).\n")
  }

  @Test func theIndexIsNotNeeded() throws {
    let program = try Program(copying: Self.first.get().program)
    let index = program.folder.appendingPathComponent("Workspace/index.sqlite")
    try FileManager.default.removeItem(at: index)
    #expect(try program.start(Self.chosen + ["--output", "without"]).wait().status == 0)
    #expect(try files(program, "without") == files(program, "first"))
    #expect(try program("index").status == 0 && FileManager.default.fileExists(atPath: index.path))
    #expect(try program.start(Self.chosen + ["--output", "anew"]).wait().status == 0)
    #expect(try files(program, "anew") == files(program, "first"))
  }

  /// Of another seed, which this command was not given.
  @Test func finishedRunsOfAnotherSeedAreTold() throws {
    let program = try FinishedSweep.copy()
    let trained = try program(
      "run", "small.json", "--set", "seeds=[2023,7]", "--only", "Base", "--folds", "1", "--threads", "1")
    #expect(trained.status == 0, "\(trained.errors)")
    let words =
      "notice: 1 finished run of Base is of seed 7, which this command was not given, and left out here:"
      + " --set 'seeds=[7,2023]' takes it in\n"
    let without = try program("report", "small.json", "--format", "csv", "-o", "one")
    #expect(without.status == 0 && without.errors.contains(words), "\(without.errors)")
    let with = try program("report", "small.json", "--format", "csv", "-o", "two", "--set", "seeds=[7,2023]")
    #expect(with.status == 0 && !with.errors.contains("which this command was not given"), "\(with.errors)")
  }

  @Test func theHelpSaysWhatForceReplaces() throws {
    let help = try Program()("report", "--help").output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(help.contains("or is another experiment's, and files that you wrote or changed there."), "\(help)")
  }

  @Test func lostLabelMapsOfTheOverlaysAreMadeAgainByARun() throws {
    let program = try FinishedSweep.copy()
    for fold in 1...2 { try FileManager.default.removeItem(at: program.run(fold: fold).predictionsFolder) }
    let report = try program("report", "small.json")
    let words = ".nii.gz is missing; `safnet run` with the experiment predicts it again\n"
    #expect(report.status == 0 && report.errors.contains(words), "\(report.errors)")
  }

  /// One variant was edited since, or all of them were trained for fewer epochs.
  @Test func whyCellsDifferComesBeforeThem() throws {
    let program = try Self.first.get().program
    let network = #"variants.Base.model={"kind": "unet3d", "levels": [[4, 8], [8, 16]]}"#
    let edited = try program("report", "small.json", "--output", "first", "--check", "--set", network)
    let words = edited.errors
    let cause = try #require(
      words.range(of: "notice: 2 finished runs are of an earlier plan (was and is):\n"), "\(words)")
    let cell = try #require(words.range(of: "\nfolds.csv"), "\(words)")
    #expect(edited.status == 1 && cause.upperBound < cell.lowerBound, "\(words)")
    let all = try program("report", "small.json", "--output", "first", "--check", "--set", "training.epochs=3")
    #expect(all.status != 0 && all.errors.contains("4 finished runs are of an earlier plan (was and is):\n"))
    #expect(!all.errors.contains("\nfolds.csv"), "\(all.errors)")
  }

  @Test func aWrittenReportChecks() throws {
    #expect(try Self.first.get().program("report", "small.json", "--output", "first", "--check").status == 0)
  }
}
