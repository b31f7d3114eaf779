import Foundation
import Page
import Text

/// `report.html`: one file that opens from disk, without network or server. It is the dashboard's page with its data inside.
///
/// All that a report says can be read where no script runs; the script makes the page's views of it.
package enum HTMLPage {
  package static func text(_ report: Report, figures: [Figure], leftOut: [String] = []) -> String {
    let input = report.input
    let status = report.status.map { "<p class=\"notice\">\(HTML.escaped($0))</p>" } ?? ""
    let tables = report.tables.map { HTML.table($0, downloads: downloads(of: $0, report)) }
    let drawings = figures.map { figure in
      "<figure id=\"\(figure.name)\" class=\"drawing\"><div class=\"scroll\">\(figure.svg)</div>"
        + "<figcaption>\(HTML.escaped(figure.caption))</figcaption></figure>"
    }
    let missing = leftOut.map { "<p class=\"note\">\(HTML.escaped($0))</p>" }
    let content =
      ([status] + tables + drawings + [
        "<div id=\"left-out\">\(missing.joined())</div>", runs(input), methods(report), provenance(report),
      ])
      .joined(separator: "\n")
    let title = HTML.escaped(input.title)
    return WholePage.text(
      title: title, words: HTML.escaped(age(of: input)), content: content,
      data: PageData(report, room: PageData.mostBytes - WholePage.ownSize - content.utf8.count - 2 * title.utf8.count)
        .text)
  }

  /// A report does not change with its runs.
  private static func age(of input: ReportInput) -> String {
    let last = input.variants.flatMap(\.runs).compactMap(\.lastTime).max()
    return "report" + (last.map { ", runs as of \($0.formatted(.iso8601))" } ?? "")
  }

  /// The table's files, inside the page: it may be all that is sent to somebody.
  private static func downloads(of table: Table, _ report: Report) -> String {
    let files = [
      ("markdown", "Markdown", "md", "text/plain", Markdown.text(table)),
      ("csv", "CSV", "csv", "text/csv", CommaSeparated.text(table)),
      ("latex", "LaTeX", "tex", "text/plain", LaTeX.text(table, experiment: report.input.name)),
    ]
    let name = table.kind.rawValue
    let links = files.map { format, title, ending, type, text in
      "<a href=\"data:\(type);charset=utf-8;base64,\(Data(text.utf8).base64EncodedString())\" download=\"\(name).\(ending)\""
        + " data-path=\"/download?table=\(name)&amp;format=\(format)\""
        + " aria-label=\"\(HTML.escaped(table.heading)) as \(title)\">\(title)</a>"
    }
    return "<p class=\"downloads\">Download: \(links.joined(separator: "\n"))</p>"
  }

  private static func runs(_ input: ReportInput) -> String {
    let rows = input.variants.flatMap { variant in variant.runs.map { (variant.label(of: $0), $0) } }
    let items = rows.map { name, run in
      "<details><summary>\(HTML.escaped(name)): \(HTML.escaped(run.state))"
        + " <code>\(HTML.escaped(run.directory))</code></summary>"
        + "<p>Identity <code>\(HTML.escaped(run.identity))</code></p>\(environment(run))"
        + "<pre data-run=\"\(HTML.escaped(run.directory))\">\(HTML.escapedLines(PlanText.indented(run.plan)))</pre></details>"
    }
    return "<section id=\"runs\"><h2>Runs and plans</h2>\(items.joined(separator: "\n"))</section>"
  }

  private static func environment(_ run: ReportInput.Run) -> String {
    guard let machine = run.machine else { return "" }
    let words = [machine.words] + (run.numerics.contains { $0 != nil } ? [run.numericsWords] : [])
    return "<p>\(HTML.escaped(words.joined(separator: ", ")))</p>"
  }

  /// For whoever has this file alone.
  private static func methods(_ report: Report) -> String {
    let texts = [
      ("What a section on methods has to say (methods.md)", MethodsText(report).text),
      ("What two reviewers' checklists ask (checklist.md)", ChecklistText(report).text),
    ]
    let items = texts.map { title, text in
      "<details><summary>\(HTML.escaped(title))</summary><pre class=\"prose\">\(HTML.escapedLines(text))</pre></details>"
    }
    return "<section id=\"methods\"><h2>Methods</h2>\(items.joined(separator: "\n"))</section>"
  }

  private static func provenance(_ report: Report) -> String {
    let facts = report.input.provenance
    let entries = [
      ("Dataset", "\(facts.dataset) (\(Quantity.of(facts.cases, "case")))"), ("Specification", facts.specification),
      (
        "Software",
        (["safnet \(facts.software)"] + [report.input.numericsWords].compactMap(\.self)).joined(separator: ", ")
      ),
      ("Tested checkpoint", facts.checkpoint),
      ("Deviation over", report.options.deviation.rawValue), ("Averaged first", report.options.averaging.rawValue),
      ("Bootstrap seed", "\(report.options.seed)"),
    ]
    let list = entries.map { "<div><dt>\(HTML.escaped($0.0))</dt><dd>\(HTML.escaped($0.1))</dd></div>" }.joined()
    return "<section id=\"provenance\"><h2>Provenance</h2><dl class=\"facts\">\(list)</dl></section>"
  }
}
