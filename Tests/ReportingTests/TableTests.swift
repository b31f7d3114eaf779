import Metrics
import Experiments
import Reporting
import Testing
import Volumes

@Suite struct TableTests {
  private func mean(_ evaluations: [CaseEvaluation]) -> Double {
    evaluations.reduce(0) { $0 + $1.meanDice! } / Double(evaluations.count) * 100
  }

  @Test func foldCellsAreMeansOverTheFoldsCases() throws {
    let table = try #require(Report(Fixture.complete).table(.folds))
    #expect(table.columns == ["Fold 1", "Fold 2", "Fold 3", "Mean"])
    #expect(table.rows.map(\.label) == ["Base", "Base + ASPP", "SAFNet"])
    let runs = try #require(Fixture.complete.variants.first { $0.name == "SAFNet" }).finished
    let means = runs.map { mean($0.evaluations!) }
    for fold in 1...3 {
      let cell = try #require(table.cell(row: "SAFNet", column: "Fold \(fold)"))
      expectClose(cell.number?.value, means[fold - 1])
      #expect(cell.source?.count == 5)
      #expect(cell.source?.runs == [Fixture.identity(3, fold)])
      expectClose(cell.number?.deviation, Sample(runs[fold - 1].evaluations!.map { $0.meanDice! * 100 }).deviation)
    }
    let last = try #require(table.cell(row: "SAFNet", column: "Mean"))
    expectClose(last.number?.value, means.reduce(0, +) / 3)
    expectClose(last.number?.deviation, Sample(means).deviation)
    #expect(last.source?.count == 3 && last.source?.runs.count == 3)
  }

  @Test func deviationOverFoldsLeavesSingleFoldsWithout() throws {
    let report = Report(Fixture.complete, ReportOptions(deviation: .folds))
    #expect(report.table(.folds)?.cell(row: "Base", column: "Fold 1")?.number?.deviation == nil)
    let pooled = try #require(report.table(.ablation)?.cell(row: "Base", column: "Dice (%)"))
    #expect(pooled.source?.count == 3)
    #expect(pooled.source?.statistic == "mean ± standard deviation (n − 1) over fold means")
  }

  @Test func bestIsBoldAndOnlyAmongComplete() throws {
    let complete = try #require(Report(Fixture.complete, ReportOptions(marksSecond: true)).table(.folds))
    #expect(complete.cell(row: "SAFNet", column: "Mean")?.rank == .best)
    #expect(complete.cell(row: "Base + ASPP", column: "Mean")?.rank == .second)
    #expect(complete.cell(row: "Base", column: "Mean")?.rank == nil)
    let half = try #require(Report(Fixture.halfDone).table(.folds))
    #expect(half.cell(row: "SAFNet", column: "Fold 1")?.rank == .best)
    #expect(half.cell(row: "SAFNet", column: "Mean")?.rank == nil)
    #expect(half.cell(row: "Base", column: "Mean")?.rank == nil)
    let distances = try #require(Report(Fixture.complete).table(.surfaces))
    #expect(distances.cell(row: "SAFNet", column: "HD95 (mm)")?.rank == .best)
  }

  /// Of methods that all found nothing none is the best; of distances 0 is.
  @Test func nothingFoundIsNotTheBest() throws {
    var input = Fixture.complete
    for variant in input.variants.indices {
      for run in input.variants[variant].runs.indices {
        input.variants[variant].runs[run].evaluations = input.variants[variant].runs[run].evaluations?.map {
          Fixture.evaluation($0.name, dice: [0, 0, 0, nil], distances: [0, 0, 0, nil])
        }
      }
    }
    let report = Report(input)
    let folds = try #require(report.table(.folds))
    #expect(folds.cell(row: "SAFNet", column: "Mean")?.number?.value == 0)
    #expect(folds.rows.allSatisfy { $0.cells.allSatisfy { $0.rank == nil } })
    #expect(report.table(.surfaces)?.cell(row: "SAFNet", column: "HD95 (mm)")?.rank == .best)
  }

  /// The challenge's official score is that of its own structures.
  @Test func theChallengeIsNamedForItsStructuresAlone() throws {
    var input = Fixture.complete
    input.grid = .image
    #expect(try !#require(Report(input).table(.ablation)).caption.contains("MRSpineSeg"))
    let names = LabelMap.mrSpineSeg.names
    let run = ReportInput.Run(
      fold: 1, identity: "i", directory: "d", state: "finished",
      evaluations: [Fixture.evaluation("Case1", dice: names.map { _ in 0.5 })], epochs: [])
    input = ReportInput(
      name: "challenge", title: "Challenge", structures: names, folds: [1],
      variants: [.init(name: "Base", runs: [run])], provenance: Fixture.provenance)
    input.grid = .image
    #expect(
      try #require(Report(input).table(.ablation)).caption.contains("the official score of the MRSpineSeg challenge"))
  }

  @Test func unfinishedFoldsAreNamedNotAveragedSilently() throws {
    let report = Report(Fixture.halfDone)
    #expect(report.status == "5 of 6 runs have finished; means over fewer folds say so.")
    for name: ReportPlan.Table in [.folds, .ablation, .structures, .surfaces] {
      let notes = try #require(report.table(name)).notes
      #expect(notes.contains("SAFNet is incomplete: fold 3 interrupted."), "\(name)")
    }
    let table = try #require(report.table(.folds))
    #expect(table.cell(row: "SAFNet", column: "Fold 3")?.isMissing == true)
    #expect(table.cell(row: "SAFNet", column: "Mean")?.number?.coverage == "2/3 folds")
    #expect(table.cell(row: "Base", column: "Mean")?.number?.coverage == nil)
  }

  @Test func differencesArePairedTestedAndCorrected() throws {
    let report = Report(Fixture.complete)
    let table = try #require(report.table(.ablation))
    let (base, other) = (Fixture.complete.variants[1], Fixture.complete.variants[0])
    let differences = zip(other.finished, base.finished).flatMap { own, base in
      zip(own.evaluations!, base.evaluations!).map { ($0.meanDice! - $1.meanDice!) * 100 }
    }
    expectClose(
      table.cell(row: "SAFNet", column: "Difference")?.number?.value, differences.reduce(0, +) / 15, bound: 1e-10)
    #expect(table.cell(row: "SAFNet", column: "Difference")?.source?.count == 15)
    #expect(table.cell(row: "Base", column: "Difference")?.content == .text("baseline"))
    #expect(table.cell(row: "Base", column: "ASPP")?.content == .tick(false))
    #expect(table.cell(row: "SAFNet", column: "ASPP")?.content == .tick(true))
    let details = try #require(report.table(.uncertainty))
    let raw = SignedRankTest(differences).pValue
    // Both comparisons reach the smallest p value of 15 pairs, so Holm doubles each.
    #expect(raw == 2 / 32768.0)
    let row = "SAFNet − Base"
    #expect(details.cell(row: row, column: "p cases (Holm)")?.number?.value == 2 * raw)
    #expect(details.cell(row: row, column: "Effect size")?.number?.value == 1)
    let sample = ClusteredSample(differences)
    expectClose(interval(details, row, "t, cases")?.lower, sample.studentInterval?.lower, bound: 1e-10)
    expectClose(interval(table, "SAFNet", "95 % of difference")?.upper, sample.studentInterval?.upper, bound: 1e-10)
    let resampled = sample.accelerated(Resamples(of: 15, seed: 2023))
    expectClose(interval(details, row, "BCa, cases")?.lower, resampled?.lower, bound: 1e-10)
    expectClose(
      details.cell(row: row, column: "P(order is wrong)")?.number?.value, sample.wrongSignProbability, bound: 1e-10)
    #expect(details.notes.contains("p values over cases are exact."))
  }

  private func interval(_ table: Table, _ row: String, _ column: String) -> Interval? {
    guard case .interval(let lower, let upper, _) = table.cell(row: row, column: column)?.content else { return nil }
    return Interval(lower: lower, upper: upper)
  }

  @Test func differentCasesAreNotTested() throws {
    let report = Report(Fixture.halfDone)
    let table = try #require(report.table(.ablation))
    for column in ["Difference", "95 % of difference"] {
      #expect(table.cell(row: "SAFNet", column: column)?.isMissing == true)
    }
    let note = "SAFNet is not compared with Base: different test cases (10 and 15)."
    #expect(table.notes.contains(note))
    #expect(try #require(report.table(.uncertainty)).notes.contains(note))
  }

  @Test func fewPairsSayWhatTheyCannotShow() throws {
    var input = Fixture.complete
    input.folds = [1]
    for index in input.variants.indices { input.variants[index].runs = [input.variants[index].runs[0]] }
    let table = try #require(Report(input).table(.uncertainty))
    #expect(table.notes.contains("5 pairs that differ cannot give p below 0.0625."))
  }

  @Test func withoutABaselineThereIsNoComparison() throws {
    let report = Report(Fixture.input(Fixture.complete.variants, baseline: nil))
    #expect(try #require(report.table(.ablation)).columns == ["ASPP", "Gate", "Dice (%)", "95 % of mean", "Cases"])
    #expect(
      try #require(report.table(.uncertainty)).columns == ["Dice (%)", "SD over cases", "t, cases", "BCa, cases"])
  }

  @Test func structuresAreAveragedOverCasesAndGroupsOverStructures() throws {
    let table = try #require(Report(Fixture.complete).table(.structures))
    #expect(table.columns == ["Base", "Base + ASPP", "SAFNet", "n"])
    #expect(table.rows.map(\.label) == ["S", "L5", "L5/S", "T9", "vertebrae (3)", "discs (1)", "all (4)"])
    let values = Fixture.complete.variants[0].cases(.dice)
    expectClose(
      table.cell(row: "L5", column: "SAFNet")?.number?.value, values.reduce(0) { $0 + $1.values[1]! } / 15)
    let vertebrae = values.map { ($0.values[0]! + $0.values[1]!) / 2 }
    expectClose(table.cell(row: "vertebrae (3)", column: "SAFNet")?.number?.value, vertebrae.reduce(0, +) / 15)
    #expect(table.cell(row: "L5", column: "n")?.content == .text("15"))
    #expect(table.cell(row: "L5", column: "SAFNet")?.rank == .best)
  }

  @Test func aStructureAbsentEverywhereIsSaidSo() throws {
    let table = try #require(Report(Fixture.complete).table(.structures))
    #expect(table.cell(row: "T9", column: "SAFNet")?.isMissing == true)
    #expect(table.cell(row: "T9", column: "n")?.content == .text("0"))
    #expect(table.notes == ["In no test case, neither in truth nor predicted: T9."])
  }

  @Test func missedStructuresAreCountedBesideDistances() throws {
    var input = Fixture.complete
    let evaluation = Fixture.evaluation("X", dice: [0.5, 0, nil, nil], distances: [1, nil, nil, nil])
    for index in input.variants.indices { input.variants[index].runs[0].evaluations = [evaluation] }
    let table = try #require(Report(input).table(.surfaces))
    #expect(table.cell(row: "Base", column: "Structures")?.number?.value == 32.0)
    #expect(table.cell(row: "Base", column: "Missed")?.number?.value == 1)
    #expect(table.cell(row: "Base", column: "Invented")?.number?.value == 0)
  }

  @Test func oneCaseHasNoDeviation() throws {
    var input = Fixture.complete
    for index in input.variants.indices { input.variants[index].runs[0].evaluations!.removeLast(4) }
    let number = try #require(Report(input).table(.folds)?.cell(row: "Base", column: "Fold 1")?.number)
    #expect(number.deviation == nil)
    #expect(Report(input).table(.folds)?.caption.contains("n = 1, 5, 5 test cases") == true)
  }

  @Test func aCaseWithoutStructuresIsNamed() throws {
    var input = Fixture.complete
    input.variants[1].runs[0].evaluations![0].dice = [nil, nil, nil, nil]
    let table = try #require(Report(input).table(.folds))
    #expect(table.notes == ["Base: no structure counts in Case10."])
    #expect(table.cell(row: "Base", column: "Fold 1")?.source?.count == 4)
  }

  @Test func costsComeFromGraphAndRuns() throws {
    let table = try #require(Report(Fixture.halfDone).table(.cost))
    #expect(table.cell(row: "Base", column: "Parameters (M)")?.number?.value == 4.81)
    #expect(table.cell(row: "Base", column: "Multiply-adds (G)")?.number?.value == 90.6)
    #expect(table.cell(row: "Base", column: "Peak (GiB)")?.number?.value == 1.5)
    #expect(table.cell(row: "Base", column: "Epoch (s)")?.number?.value == 12.5)
    #expect(table.cell(row: "SAFNet", column: "Epochs")?.number?.value == 8)
    #expect(table.notes == ["A: Processor 9000, 1 thread per run, avx512, Linux 6, safnet 1.0."])
  }

  @Test func anEmptyStoreMakesTablesWithoutNumbers() throws {
    let report = Report(Fixture.empty)
    #expect(report.status == "No fold has finished yet: the tables have no scores. Train with `safnet run`.")
    #expect(report.table(.folds)?.rows.allSatisfy { $0.cells.allSatisfy(\.isMissing) } == true)
    #expect(
      report.table(.ablation)?.notes.contains("SAFNet is not compared with Base: no finished fold.") == true)
    #expect(
      report.table(.folds)?.notes.contains(
        "SAFNet is incomplete: folds 1, 2, 3 not planned.") == true)
  }

  @Test func thePapersFiguresAreQuotedWithTheirContradictions() throws {
    let report = Report(Fixture.complete, ReportOptions(paper: ReportPlan.PaperTable.allCases))
    let folds = try #require(report.table(.folds))
    #expect(folds.rows.map(\.label) == ["Base", "Base + ASPP", "SAFNet", "SAFNet (paper)"])
    #expect(folds.cell(row: "SAFNet (paper)", column: "Fold 3")?.content == .text(""))
    expectClose(folds.cell(row: "SAFNet (paper)", column: "Mean")?.number?.value, 80.322)
    #expect(folds.cell(row: "SAFNet (paper)", column: "Mean")?.rank == nil)
    #expect(folds.notes.last == PaperFigures.contradictions)
    let ablation = try #require(report.table(.ablation))
    #expect(ablation.cell(row: "Base + ASPP (paper)", column: "Dice (%)")?.number?.deviation == 5.20)
    #expect(Report(Fixture.complete).table(.folds)?.notes == [])
    let second = Report(Fixture.complete, ReportOptions(paper: [.table2]))
    #expect(second.table(.folds)?.rows.contains(where: \.isQuoted) == false)
    #expect(second.table(.ablation)?.rows.contains(where: \.isQuoted) == true)
  }

  @Test func thePapersFoldsStandUnderFiveOfOurs() throws {
    var input = Fixture.empty
    input.folds = [1, 2, 3, 4, 5]
    let table = try #require(Report(input, ReportOptions(paper: ReportPlan.PaperTable.allCases)).table(.folds))
    #expect(table.cell(row: "SAFNet (paper)", column: "Fold 5")?.number?.value == 81.45)
    #expect(table.cell(row: "SAFNet (paper)", column: "Fold 2")?.number?.deviation == 7.97)
  }
}
