import Foundation
import Page
import Reporting
import TestSupport
import Testing
import Text

/// A few hundred experiments with nasty names (the same in every run of the tests), in every format, each before a parser
/// of its own.
@Suite struct NameFuzzTests {
  private static let reports: [Report] = {
    var names = NastyNames(seed: 15)
    return (0..<120).map { _ in Report(names.input()) }
  }()

  private func names(_ report: Report) -> [String] {
    report.input.variants.map(\.name) + report.input.structures
  }

  @Test func pagesHoldNoTagOfANames() throws {
    for report in Self.reports {
      let page = HTMLPage.text(report, figures: report.figures(overlays: [FigureTests.overlay]))
      // What is the same in every page is looked at once (PageTests).
      let judge = try MarkupJudge(page.replacing(JoinedScript.text, with: "").replacing(Self.style, with: ""))
      #expect(judge.texts["h1"] ?? [""] == [report.input.title.oneLine])
      #expect(judge.tags.isSubset(of: Self.tags), "\(judge.tags.subtracting(Self.tags))")
      #expect(judge.attributes.isSubset(of: Self.attributes), "\(judge.attributes.subtracting(Self.attributes))")
      #expect(judge.texts["script"]?.count == 2, "its data and its own")
      for name in report.input.rows.map(\.name) { #expect(judge.texts["th"]?.contains(name.oneLine) == true) }
      #expect(!page.unicodeScalars.contains { $0.acts && $0 != "\n" })
    }
  }

  private static let style = String(decoding: PageFiles.all["/style.css"] ?? Data(), as: UTF8.self)

  private static let tags: Set<String> = [
    "html", "head", "meta", "title", "link", "style", "body", "header", "h1", "h2", "p", "main", "section", "div",
    "table", "thead", "tbody", "tr", "th", "td", "button", "b", "u", "figure", "figcaption", "details", "summary",
    "code",
    "pre", "dl", "dt", "dd", "script", "a", "nav", "svg", "rect", "text", "path", "g", "use", "defs", "image",
  ]
  private static let attributes: Set<String> = [
    "lang", "charset", "http-equiv", "content", "name", "rel", "href", "class", "id", "scope", "type", "data-path",
    "data-run", "download", "aria-label", "tabindex", "hidden", "title",
    "xmlns", "viewBox", "width", "height", "role", "font-family", "fill", "x", "y", "font-size", "text-anchor", "d",
    "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linecap", "fill-opacity", "fill-rule",
    "transform", "preserveAspectRatio",
  ]

  @Test func drawingsAreSoundAndHoldEveryNameWhole() {
    // As a text that can be searched by scalar.
    func letters(_ text: String) -> String {
      text.unicodeScalars.filter { $0 != " " }.map { "\($0.value)." }.joined()
    }
    for report in Self.reports {
      for figure in report.figures(overlays: [FigureTests.overlay]) {
        let drawing = DrawingJudge.read(figure.svg)
        #expect(drawing.isSound, "\(figure.name) of \(names(report))")
        #expect(drawing.elements.isSubset(of: ["svg", "title", "rect", "text", "path", "g", "use", "defs", "image"]))
        let all = letters(drawing.texts.joined())
        let shown = figure.name == "overlays" ? report.input.structures : report.input.variants.map(\.name)
        for name in shown { #expect(all.contains(letters(name.oneLine)), "\(name.debugDescription) in \(figure.name)") }
      }
    }
  }

  @Test func commaSeparatedTablesReadBack() throws {
    for report in Self.reports {
      for table in report.tables {
        let rows = CSV.rows(CommaSeparated.text(table))
        #expect(rows.count == table.rows.count + 1 && Set(rows.map(\.count)).count == 1)
        for (row, expected) in zip(rows.dropFirst(), table.rows) {
          let label = row[0].unicodeScalars.first == "'" && row[0].count > 1 ? String(row[0].dropFirst()) : row[0]
          let wanted = expected.label.visible(keeping: ["\n", "\r", "\t"])
          #expect(label == wanted || row[0] == wanted)
          #expect(!"=+-@\t\r\n".unicodeScalars.contains(row[0].unicodeScalars.first ?? " "))
        }
      }
    }
  }

  @Test func markdownTablesKeepTheirCells() {
    for report in Self.reports {
      for line in Markdown.text(report).unicodeScalars.split(separator: "\n") where line.first == "|" {
        #expect(!line.contains { $0.acts || $0 == "<" && !"<u>/".unicodeScalars.contains($0) })
      }
      for table in report.tables {
        let lines = Markdown.text(table).unicodeScalars.split(separator: "\n").filter { $0.first == "|" }
        #expect(lines.count == table.rows.count + 2)
        #expect(Set(lines.map(bars)).count == 1, "\(names(report))")
      }
    }
  }

  /// Bars that part cells: not behind a backslash that is not itself behind one.
  private func bars(_ line: Substring.UnicodeScalarView) -> Int {
    var (count, isEscaped) = (0, false)
    for scalar in line {
      if scalar == "|" && !isEscaped { count += 1 }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return count
  }

  @Test func latexTablesHoldOurCommandsOnly() throws {
    for report in Self.reports {
      for table in report.tables {
        let judge = try LaTeXJudge(LaTeX.text(table, experiment: report.input.name))
        #expect(judge.rows == Array(repeating: table.heads.count, count: table.rows.count + 1))
      }
    }
  }

  @Test func terminalsAreNotTouched() {
    for report in Self.reports {
      for table in report.tables {
        let table = TerminalTable.text(table).split(separator: "\n").dropFirst().prefix(table.rows.count + 2)
        #expect(table.joined().unicodeScalars.allSatisfy { !$0.acts })
      }
    }
  }

  /// Another reader of each: Python's own.
  @Test(.enabled(if: Python.has("csv"), "needs Python 3"))
  func pythonReadsTheSame() throws {
    let folder = try TemporaryFolder()
    for (number, report) in Self.reports.prefix(40).enumerated() {
      try folder.write("\(number).csv", CommaSeparated.text(try #require(report.table(.folds))))
      try folder.write("\(number).html", HTMLPage.text(report, figures: report.figures()))
    }
    let script = """
      import csv, html.parser, sys
      class Page(html.parser.HTMLParser):
          tags = 0
          def handle_starttag(self, tag, attributes):
              self.tags += tag == "script" or any(name.startswith("on") for name, _ in attributes)
      for number in range(40):
          with open(f"{sys.argv[1]}/{number}.csv", newline="", encoding="utf-8") as file: rows = list(csv.reader(file, strict=True))
          page = Page(); page.feed(open(f"{sys.argv[1]}/{number}.html", newline="", encoding="utf-8").read()); page.close()
          print(len(rows), len({len(row) for row in rows}), page.tags)
      """
    let lines = try Python.run(script, folder.url.path).split(separator: "\n")
    #expect(lines.count == 40 && Set(lines) == ["4 1 2"], "\(Set(lines))")
  }
}
