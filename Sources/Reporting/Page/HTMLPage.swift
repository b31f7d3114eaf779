/// `report.html`: one file that opens from disk, without network or server.
package enum HTMLPage {
  package static func text(_ report: Report, figures: [Figure], leftOut: [String] = []) -> String {
    let input = report.input
    let status = report.status.map { "<p class=\"status\">\(HTML.escaped($0))</p>" } ?? ""
    let drawings = figures.map { figure in
      "<figure id=\"\(figure.name)\"><div class=\"scroll\">\(figure.svg)</div>"
        + "<figcaption>\(HTML.escaped(figure.caption))</figcaption></figure>"
    }
    let missing = leftOut.map { "<p class=\"note\">\(HTML.escaped($0))</p>" }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(PageStyle.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTML.escaped(input.title))</title>
      <link rel="icon" href="data:,">
      <style>\(PageStyle.css)</style></head><body>
      <header><h1>\(HTML.escaped(input.title))</h1>\(status)
      <p>Click a column's head to sort by it; point at a cell for its statistic and n.</p></header>
      <main>
      \((report.tables.map(HTML.table) + drawings + missing).joined(separator: "\n"))
      \(runs(input))
      \(provenance(report))
      </main>
      <script>\(PageStyle.script)</script>
      </body></html>

      """
  }

  private static func runs(_ input: ReportInput) -> String {
    let rows = input.variants.flatMap { variant in variant.runs.map { (variant.label(of: $0), $0) } }
    let items = rows.map { name, run in
      "<details><summary>\(HTML.escaped(name)): \(HTML.escaped(run.state))"
        + " <code>\(HTML.escaped(run.directory))</code></summary>"
        + "<p>Identity <code>\(HTML.escaped(run.identity))</code></p>\(environment(run))"
        + "<pre>\(HTML.escapedLines(PlanText.indented(run.plan)))</pre></details>"
    }
    return "<section id=\"runs\"><h2>Runs and plans</h2>\(items.joined(separator: "\n"))</section>"
  }

  private static func environment(_ run: ReportInput.Run) -> String {
    guard let machine = run.machine else { return "" }
    let words = [machine.words] + (run.numerics.contains { $0 != nil } ? [run.numericsWords] : [])
    return "<p>\(HTML.escaped(words.joined(separator: ", ")))</p>"
  }

  private static func provenance(_ report: Report) -> String {
    let facts = report.input.provenance
    let entries = [
      ("Dataset", "\(facts.dataset) (\(facts.cases) cases)"), ("Specification", facts.specification),
      (
        "Software",
        (["safnet \(facts.software)"] + [report.input.numericsWords].compactMap(\.self)).joined(separator: ", ")
      ),
      ("Tested checkpoint", facts.checkpoint),
      ("Deviation over", report.options.deviation.rawValue), ("Averaged first", report.options.averaging.rawValue),
      ("Bootstrap seed", "\(report.options.seed)"),
    ]
    let list = entries.map { "<dt>\(HTML.escaped($0.0))</dt><dd>\(HTML.escaped($0.1))</dd>" }.joined()
    return "<section id=\"provenance\"><h2>Provenance</h2><dl>\(list)</dl></section>"
  }
}
