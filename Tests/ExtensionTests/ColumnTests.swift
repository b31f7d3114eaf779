import Reporting
import Testing

/// A column that was added in one value stands in all five formats.
@Suite struct ColumnTests {
  private static let input = ReportInput(
    name: "toy", title: "Toy", structures: ["L1"], folds: [1],
    variants: ["Base", "SAFNet"].map { name in
      ReportInput.Variant(
        name: name,
        runs: [
          .init(
            fold: 1, identity: name, directory: name, state: "running",
            epochs: (1...(name == "Base" ? 3 : 5)).map {
              .init(number: $0, trainingLoss: 1, learningRate: 1, validationDice: nil, seconds: 2)
            })
        ])
    },
    provenance: .init(dataset: "d", cases: 1, specification: "s", software: "1", checkpoint: "best"))

  @Test func aNewColumnStandsInEveryFormat() {
    let context = TableContext(input: Self.input, options: ReportOptions())
    let hours = Column<ReportInput.Variant>("Hours", alignment: .leading, ranking: Ranking(.lower)) { variant in
      let seconds = variant.runs.flatMap(\.epochs).reduce(0) { $0 + $1.seconds }
      return Cell(.number(Number(seconds / 3600, .fixed(4))))
    }
    let table = Table(
      .cost, caption: "Toy", notes: [], rowTitle: "Method", columns: Table.costColumns(context) + [hours],
      rows: context.methods(), marksSecond: false)
    #expect(table.cell(row: "Base", column: "Hours")?.rank == .best)
    #expect(Markdown.text(table).contains("| Machine | Hours |\n|:--|--:|--:|--:|--:|--:|--:|--:|:--|\n"))
    #expect(Markdown.text(table).contains("**0.0017** |"))
    #expect(CommaSeparated.text(table).hasPrefix("Method,"))
    #expect(CommaSeparated.text(table).split(separator: "\n")[0].hasSuffix(",Machine,Hours"))
    #expect(LaTeX.text(table, experiment: "toy").contains("{@{}lrrrrrrrl@{}}"))
    #expect(HTML.table(table).contains("<td class=\"words\"><b>0.0017</b></td>"))
    #expect(TerminalTable.text(table).split(separator: "\n").contains { $0.hasSuffix("Machine  Hours") })
  }
}
