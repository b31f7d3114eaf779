import Experiments
import Metrics
import Reporting
import Testing

/// What tables make of several seeds, and what they leave unsaid with one.
@Suite struct SeedTableTests {
  private static let seeds = #""seeds": [2023, 2024, 2025]"#

  private func scores(_ variant: ReportInput.Variant, seed: UInt64) -> [Double] {
    variant.finished.filter { $0.seed == seed }.flatMap { $0.evaluations!.map { $0.meanDice! * 100 } }
  }

  /// Cases by their means over seeds; seeds by their means over cases.
  private func estimate(_ first: ReportInput.Variant, _ second: ReportInput.Variant) -> CrossedEstimate? {
    let own = first.seeds.map { scores(first, seed: $0) }
    let other = second.seeds.map { scores(second, seed: $0) }
    let differences = own[0].indices.map { index in
      (own.reduce(0) { $0 + $1[index] } - other.reduce(0) { $0 + $1[index] }) / 3
    }
    return CrossedEstimate(
      ClusteredSample(differences), seedMeans: [own, other].map { $0.map { Sample($0).mean! } })
  }

  @Test func bothSpreadsAreShownAndNamed() throws {
    let report = Report(Fixture.seeded)
    let variant = Fixture.seeded.variants[2]
    let bySeed = variant.seeds.map { scores(variant, seed: $0) }
    let means = bySeed[0].indices.map { index in bySeed.reduce(0) { $0 + $1[index] } / 3 }
    for table in [ReportPlan.Table.folds, .ablation, .uncertainty] {
      let cell = try #require(report.table(table)?.cell(row: "SAFNet", column: "SD over seeds"))
      expectClose(cell.number?.value, Sample(bySeed.map { Sample($0).mean! }).deviation, bound: 1e-10)
      #expect(cell.source?.count == 3)
    }
    let dice = try #require(report.table(.ablation)?.cell(row: "SAFNet", column: "Dice (%)")?.number)
    expectClose(dice.value, Sample(means).mean, bound: 1e-10)
    expectClose(dice.deviation, Sample(means).deviation, bound: 1e-10)
  }

  @Test func methodsAreTestedOverCasesAndSeeds() throws {
    let report = Report(Fixture.seeded)
    let input = Fixture.seeded
    let expected = try (1...2).map { try #require(estimate(input.variants[$0], input.variants[0])) }
    let other = try #require(estimate(input.variants[2], input.variants[1])?.pValue)
    let adjusted = holmAdjusted(expected.compactMap(\.pValue) + [other])
    for (index, name) in ["Base + ASPP", "SAFNet"].enumerated() {
      let main = try #require(report.table(.ablation)?.cell(row: name, column: "p (Holm)")?.number)
      let details = try #require(report.table(.uncertainty))
      expectClose(main.value, adjusted[index], bound: 1e-9)
      #expect(details.cell(row: "\(name) − Base", column: "p methods (Holm)")?.number?.value == main.value)
      let detectable = details.cell(row: "\(name) − Base", column: "Detectable")?.number?.value
      expectClose(detectable, expected[index].detectable, bound: 1e-9)
    }
    #expect(adjusted[0] > 0.05 && adjusted[1] < 0.05)
  }

  @Test func whatCannotBeToldFromTheBestIsMarked() throws {
    var input = Fixture.seeded
    input.variants[2] = input.variants[1]
    input.variants[2].name = "Twin"
    input.variants[2].runs = input.variants[2].runs.map { run in
      var run = run
      run.evaluations = run.evaluations!.map { one in
        var one = one
        one.dice = one.dice.map { $0.map { $0 + 0.001 } }
        return one
      }
      return run
    }
    input.proposed = nil
    let table = try #require(Report(input).table(.ablation))
    #expect(table.cell(row: "Twin", column: "Dice (%)")?.rank == .best)
    #expect(table.cell(row: "Base + ASPP", column: "Dice (%)")?.isUndecided == true)
    let far = try #require(Report(Fixture.seeded).table(.ablation))
    #expect(far.cell(row: "SAFNet", column: "Dice (%)")?.rank == .best)
    #expect(far.cell(row: "Base", column: "Dice (%)")?.isUndecided == false)
    #expect(far.caption.contains("cannot tell from the best"))
    #expect(Markdown.text(table).contains("† |") && !Markdown.text(far).contains("† |"))
    #expect(CommaSeparated.text(table).contains("Dice (%) undecided"))
    #expect(LaTeX.text(table, experiment: "x").contains("{}$^{\\dagger}$"))
    #expect(HTML.table(table).contains("†</td>"))
  }

  @Test func oneSeedMarksNothingAndSaysWhatToType() throws {
    let report = Report(Fixture.complete)
    for table in report.tables {
      #expect(table.rows.allSatisfy { $0.cells.allSatisfy { !$0.isUndecided } })
      #expect(!table.columns.contains { $0.hasPrefix("p (") || $0.hasPrefix("p methods") })
    }
    for kind in [ReportPlan.Table.folds, .ablation, .structures, .surfaces] {
      #expect(report.table(kind)?.caption.contains(Self.seeds) == true, "\(kind)")
      #expect(Report(Fixture.seeded).table(kind)?.caption.contains(Self.seeds) == false, "\(kind)")
    }
    #expect(report.table(.ablation)?.notes.contains { $0.hasPrefix("Power: one seed shows no difference") } == true)
  }

  @Test func aMethodWithOneWholeSeedIsNamedAndNotTested() throws {
    var input = Fixture.seeded
    input.variants[2].runs.removeAll { $0.seed != 2023 }
    input.variants[2].seeds = [2023]
    let table = try #require(Report(input).table(.ablation))
    #expect(table.notes.contains("Fewer than two seeds with every fold, so no test over seeds: SAFNet."))
    #expect(table.cell(row: "SAFNet", column: "p (Holm)")?.isMissing == true)
    #expect(table.cell(row: "SAFNet", column: "95 % of mean")?.isMissing == true)
    #expect(table.cell(row: "SAFNet", column: "Dice (%)")?.rank == .best)
    #expect(table.cell(row: "Base", column: "Dice (%)")?.isUndecided == true)
  }

  @Test func casesOfOnePatientAreTakenTogether() throws {
    var input = Fixture.complete
    let names = input.variants[0].finished.flatMap { $0.evaluations!.map(\.name) }
    for name in names { input.patients[name] = "P\(name.dropLast(1))" }
    let (own, base) = (scores(input.variants[0], seed: 2023), scores(input.variants[1], seed: 2023))
    let sample = ClusteredSample(zip(own, base).map(-), groups: names.map { "P\($0.dropLast(1))" })
    #expect(sample.counts == [5, 5, 5])
    let table = try #require(Report(input).table(.uncertainty))
    guard case .interval(let lower, _, _) = table.cell(row: "SAFNet − Base", column: "t, cases")?.content else {
      Issue.record("no interval")
      return
    }
    expectClose(lower, sample.studentInterval?.lower, bound: 1e-10)
    #expect(table.caption.contains("patients with several cases as a whole"))
  }

  @Test func overlapIsListedByMethodAndStructure() throws {
    let table = try #require(Report(Fixture.complete).table(.overlap))
    #expect(table.columns == ["Dice (%)", "IoU (%)", "Precision (%)", "Recall (%)", "Volume error (%)"])
    #expect(table.rows.map(\.label).prefix(3) == ["Base: all", "Base: S", "Base: L5"])
    let cases = Fixture.complete.variants[1].finished.flatMap { $0.evaluations! }
    let shares = cases.compactMap { $0.intersectionOverUnion[1] }
    expectClose(
      table.cell(row: "Base: L5", column: "IoU (%)")?.number?.value, 100 * shares.reduce(0, +) / 15, bound: 1e-12)
    var many = Fixture.complete
    many.variants = (0..<9).map { Fixture.variant($0, "M\($0)", gain: 0, aspp: false) }
    many.baseline = "M0"
    let short = try #require(Report(many).table(.overlap))
    #expect(short.rows.count == 9)
    #expect(short.notes.contains("Single structures are listed where there are at most 8 methods."))
  }

  /// 50 methods, five folds, five seeds.
  @Test func aLargeReportHasAllItsRows() {
    let input = SimulatedStudy(seeds: 5, seedDeviation: 2, shared: 0.5).input(0)
    var large = input
    large.structures = (0..<19).map { "S\($0)" }
    large.variants = (0..<50).map { number in
      var variant = input.variants[number % 5]
      variant.name = "M\(number)"
      variant.runs = variant.runs.map { run in
        var run = run
        run.evaluations = run.evaluations!.map { one in
          Fixture.evaluation(one.name, dice: (0..<19).map { _ in one.dice[0].map { $0 * (1 - Double(number) / 1e4) } })
        }
        return run
      }
      return variant
    }
    let report = Report(large)
    #expect(report.table(.folds)?.rows.count == 50)
    // 19 structures, and all of them.
    #expect(report.table(.structures)?.rows.count == 20)
  }
}
