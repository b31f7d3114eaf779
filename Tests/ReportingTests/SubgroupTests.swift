import Experiments
import Metrics
import Testing

import Reporting

@Suite struct SubgroupTests {
  private func groups(_ values: [String?]) -> [String] {
    ReportInput.Subgroup.all(of: "scanner", values: values.enumerated().map { ("c\($0)", $1) }).map {
      "\($0.label) \($0.cases.sorted().joined(separator: " "))"
    }
  }

  @Test func eachValueIsASubgroupAndTheRestIsSaid() {
    #expect(groups(["B", "A", nil, "A"]) == ["scanner: A c1 c3", "scanner: B c0", "scanner: not told c2"])
    #expect(groups(["10", "9", "10"]) == ["scanner: 9 c1", "scanner: 10 c0 c2"], "numbers by size")
  }

  @Test func manyNumbersAreHalvedAtTheirMedian() {
    #expect(
      groups(["1", "2", "3", "4", "5", "6"]) == ["scanner: ≤ 3.5 c0 c1 c2", "scanner: > 3.5 c3 c4 c5"])
    #expect(groups(["1", "2", "3", "4", "5", "x"]).count == 6, "words stay apart")
    #expect(groups(["1", "2", "3", "4", "5", "6", nil]).last == "scanner: not told c6")
  }

  /// Mean, deviation and interval of exactly the subgroup's cases, with their number.
  @Test func cellsAreOfTheSubgroupsCasesOnly() throws {
    var input = Fixture.complete
    let all = input.variants[0].cases(.dice)
    let some = Array(all.prefix(4))
    input.subgroups = [
      .init(column: "site", value: "north", cases: Set(some.map(\.name))),
      .init(column: "site", value: nil, cases: Set(all.dropFirst(4).map(\.name) + ["neverTested"])),
    ]
    let table = try #require(Report(input, ReportOptions(tables: [.subgroups])).tables.first)
    #expect(table.rows.map(\.label) == ["site: north", "site: not told"])
    let name = input.variants[0].name
    #expect(table.cell(row: "site: north", column: "n")?.content == .text("4"))
    #expect(table.cell(row: "site: not told", column: "n")?.content == .text("\(all.count - 4)"))
    let values = some.compactMap { $0.mean(over: Array(input.structures.indices)) }
    guard case .number(let number)? = table.cell(row: "site: north", column: name)?.content,
      case .interval(let lower, let upper, _)? = table.cell(row: "site: north", column: "\(name), 95 %")?.content
    else {
      Issue.record("no mean")
      return
    }
    let sample = ClusteredSample(values)
    #expect(number.value == sample.mean && number.deviation == Sample(values).deviation)
    #expect(Interval(lower: lower, upper: upper) == sample.studentInterval)
    #expect(table.rows.allSatisfy { $0.cells.allSatisfy { $0.rank == nil } }, "nothing is ranked")
    #expect(table.notes.contains("Fewer than 5 cases, of which a mean says little: site: north."))
  }

  @Test func withoutSubgroupsTheTableSaysWhatToWrite() throws {
    let table = try #require(Report(Fixture.complete, ReportOptions(tables: [.subgroups])).tables.first)
    #expect(table.rows.isEmpty && table.notes.contains { $0.contains("report.subgroups") })
  }
}
