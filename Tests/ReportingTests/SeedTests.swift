import Reporting
import Testing

/// Several seeds of a method are one row.
@Suite struct SeedTests {
  /// `Fixture.complete` with every run of SAFNet once more: scores of seed 2024 are lower by 0.1.
  static let input: ReportInput = {
    var input = Fixture.complete
    let index = input.variants.firstIndex { $0.name == "SAFNet" }!
    input.variants[index].seeds = [2023, 2024]
    input.variants[index].runs += input.variants[index].runs.map { run in
      var other = run
      (other.seed, other.identity, other.directory) = (2024, "b" + run.identity.dropFirst(), run.directory + "-b")
      other.evaluations = run.evaluations?.map { one in
        Fixture.evaluation(one.name, dice: one.dice.map { $0.map { $0 - 0.1 } })
      }
      return other
    }
    return input
  }()

  private func variant(_ input: ReportInput, _ name: String = "SAFNet") -> ReportInput.Variant {
    input.variants.first { $0.name == name }!
  }

  private func cell(_ input: ReportInput, _ kind: Int, _ row: String, _ column: String) throws -> Cell {
    let table = Report(input).tables[kind]
    let index = try #require(table.columns.firstIndex(of: column))
    return try #require(table.rows.first { $0.label == row }).cells[index]
  }

  @Test func aCasesScoreIsItsMeanOverSeeds() throws {
    let (one, two) = (variant(Fixture.complete).cases(.dice), variant(Self.input).cases(.dice))
    #expect(two.map(\.name) == one.map(\.name) && two.count == 15)
    for (a, b) in zip(one, two) {
      for (x, y) in zip(a.values, b.values) {
        if let x, let y { #expect(abs(x - 5 - y) < 1e-9) } else { #expect(x == nil && y == nil) }
      }
    }
  }

  @Test func meansOfFoldsCountFoldsNotRuns() throws {
    let mean = try cell(Self.input, 0, "SAFNet", "Mean")
    let alone = try cell(Fixture.complete, 0, "SAFNet", "Mean")
    #expect(mean.source?.count == 3 && mean.source?.runs.count == 6 && mean.number?.coverage == nil)
    #expect(abs(mean.number!.value - alone.number!.value + 5) < 1e-9)
  }

  @Test func captionsSayHowManySeeds() throws {
    let report = Report(Self.input)
    let words =
      "A case's score is its mean over the seeds that have finished for it: 1 seed (2023) of Base, Base + ASPP;"
      + " 2 seeds (2023, 2024) of SAFNet."
    for table in report.tables where table.kind != .cost { #expect(table.caption.contains(words), "\(table.kind)") }
    for table in Report(Fixture.complete).tables { #expect(!table.caption.contains("seeds that have finished")) }
    #expect(report.status == nil)
  }

  @Test func anUnfinishedSeedIsNamed() throws {
    var input = Self.input
    let index = input.variants.firstIndex { $0.name == "SAFNet" }!
    let run = input.variants[index].runs.firstIndex { $0.seed == 2024 && $0.fold == 2 }!
    (input.variants[index].runs[run].evaluations, input.variants[index].runs[run].state) = (nil, "queued")
    let report = Report(input)
    #expect(report.status?.hasPrefix("11 of 12 runs have finished") == true)
    #expect(report.tables[0].notes.contains("SAFNet is incomplete: seed 2024: fold 2 queued."))
    #expect(try cell(input, 0, "SAFNet", "Mean").number?.coverage == "5/6 runs")
  }

  /// What has not begun is not told as if it had: neither seeds nor folds.
  @Test func captionsCountWhatHasFinished() throws {
    var input = Fixture.seeded
    for variant in input.variants.indices {
      for run in input.variants[variant].runs.indices {
        let one = input.variants[variant].runs[run]
        if one.seed == 2023 && one.fold < 3 { continue }
        (input.variants[variant].runs[run].evaluations, input.variants[variant].runs[run].state) = (nil, "queued")
      }
    }
    let report = Report(input)
    let folds = try #require(report.table(.folds))
    #expect(folds.caption.contains("have finished for it: 3 seeds (2023, 2024, 2025; 2023 so far)."))
    #expect(folds.caption.contains("n = 2 of 3 folds, which share"))
    #expect(try #require(report.table(.ablation)).caption.contains(" of 2 of 3 folds. Tested checkpoint"))
    #expect(
      folds.notes.contains(
        "Base is incomplete: seed 2023: fold 3 queued; seeds 2024, 2025: folds 1, 2, 3 queued."), "\(folds.notes)")
    #expect(folds.notes.count { $0.contains("is incomplete") } == 3)
  }

  @Test func theRecordTellsSeedsWhereThereAreSeveral() throws {
    let runs = ReportRecord(Report(Self.input)).runs
    #expect(runs.filter { $0.variant == "SAFNet" }.map(\.seed) == [2023, 2023, 2023, 2024, 2024, 2024])
    #expect(runs.filter { $0.variant == "Base" }.allSatisfy { $0.seed == nil })
    let text = try Explanation(Report(Self.input), method: "SAFNet", cell: "fold 1").text
    #expect(text.contains("fold 1  seed 2024  finished"))
  }
}
