import Experiments
import Foundation
import Reporting
import Testing
import Text

@Suite struct RenderingTests {
  static let inputs = [
    "complete": Fixture.complete, "half": Fixture.halfDone, "empty": Fixture.empty, "nasty": Fixture.nasty,
    "seeded": Fixture.seeded,
  ]

  /// Every format of a report in one text.
  private func everything(_ report: Report) -> String {
    ([Markdown.text(report)] + report.tables.map { CommaSeparated.text($0) }
      + report.tables.map { LaTeX.text($0, experiment: report.input.name) }).joined(separator: "\n")
  }

  /// The first line in which two texts differ.
  private func firstDifference(_ found: String, _ expected: String) -> String {
    let lines = [found, expected].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
    let index = zip(lines[0], lines[1]).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    guard let index else { return "\(lines[0].count) lines, not \(lines[1].count)" }
    return "line \(index + 1):\nfound    \(lines[0][index])\nexpected \(lines[1][index])"
  }

  @Test(arguments: inputs.keys.sorted())
  func isTheCommittedText(_ name: String) throws {
    let text = everything(
      Report(
        Self.inputs[name]!,
        ReportOptions(paper: name == "complete" ? ReportPlan.PaperTable.allCases : [], marksSecond: true)))
    // For a change that is meant: where to put the new texts, to be read and copied to Golden.
    if let folder = ProcessInfo.processInfo.environment["SAFNET_RECORD"] {
      try text.write(to: URL(filePath: folder).appending(path: "\(name).txt"), atomically: true, encoding: .utf8)
    }
    let url = try #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: "txt"))
    let expected = try String(contentsOf: url, encoding: .utf8)
    #expect(text == expected, "\(firstDifference(text, expected))")
  }

  @Test(arguments: inputs.keys.sorted())
  func holdsNoNaN(_ name: String) {
    for options in [
      ReportOptions(),
      ReportOptions(deviation: .folds, averaging: .structureFirst, paper: ReportPlan.PaperTable.allCases),
    ] {
      let text = everything(Report(Self.inputs[name]!, options)).lowercased()
      #expect(text.firstMatch(of: /\b-?(nan|inf)\b/) == nil)
    }
  }

  /// Python's `csv` and `float` were tried by hand; here the same by Swift's.
  @Test func numbersReadBackFromCSV() throws {
    let table = try #require(Report(Fixture.nasty).table(.folds))
    let lines = CommaSeparated.text(table).split(separator: "\n").map { fields(of: $0) }
    #expect(lines[0][0...3] == ["Method", "Fold 1", "Fold 1 deviation", "Fold 1 n"])
    #expect(lines[1][0] == "Base_0 & 1 % | #, \"q\"")
    let number = try #require(table.rows[0].cells[0].number)
    #expect(Double(lines[1][1]) == number.value)
    #expect(Double(lines[1][2]) == number.deviation)
    #expect(lines[1][3] == "5")
    #expect(Set(lines.map(\.count)).count == 1)
  }

  private func fields(of line: Substring) -> [String] {
    var (fields, quoted) = ([""], false)
    for character in line {
      switch character {
      case "\"":
        if !quoted && line.contains("\"\"") && fields.last!.hasSuffix(" q") { continue }
        quoted.toggle()
        if quoted && !fields.last!.isEmpty { fields[fields.count - 1] += "\"" }
      case "," where !quoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  @Test(arguments: [
    (NumberFormat.fixed(2), 79.456, "79.46"), (.fixed(2), -0.001, "0.00"), (.fixed(0), 172, "172"),
    (.signed(2), 1.5, "+1.50"), (.signed(2), -1.5, "-1.50"), (.signed(2), 0.001, "0.00"), (.signed(2), -0.004, "0.00"),
    (.pValue, 0.0004, "< 0.001"), (.pValue, 0.05, "0.050"), (.pValue, 0.001, "0.001"),
  ])
  func numbersAreWrittenTheSameEverywhere(_ format: NumberFormat, _ value: Double, _ text: String) {
    #expect(format.text(value) == text)
  }

  @Test func everyFormatEscapes() {
    #expect(Markdown.escaped("a|b_c%d&e#f<g>") == "a\\|b\\_c%d&amp;e\\#f&lt;g&gt;")
    #expect(LaTeX.escaped("a|b_c%d&e#f<g>±—") == "a\\textbar{}b\\_c\\%d\\&e\\#f\\textless{}g\\textgreater{}$\\pm$---")
    #expect(LaTeX.escaped("\\{}~^$") == "\\textbackslash{}\\{\\}\\textasciitilde{}\\textasciicircum{}\\$")
    #expect(CSV.escaped("a,\"b\"") == "\"a,\"\"b\"\"\"")
    #expect(CSV.escaped("a_b % & #|") == "a_b % & #|")
  }
}
