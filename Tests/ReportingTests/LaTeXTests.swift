import Experiments
import Foundation
import Reporting
import TestSupport
import Testing

/// Debian's texlive-latex-base; without it, what LaTeX thinks of our tables stays untested.
private let compiler = "/usr/bin/pdflatex"

@Suite struct LaTeXTests {
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: compiler), "needs pdflatex (texlive-latex-base)"),
    arguments: RenderingTests.inputs.keys.sorted())
  func compilesInAMinimalDocument(_ name: String) throws {
    let report = Report(
      RenderingTests.inputs[name]!, ReportOptions(paper: ReportPlan.PaperTable.allCases, marksSecond: true))
    let tables = report.tables.map { LaTeX.text($0, experiment: name) + "\\clearpage\n" }.joined()
    let folder = try TemporaryFolder()
    let head = "\\documentclass{article}\n\\usepackage{booktabs,graphicx,amssymb}\n\\begin{document}\n"
    try folder.write("tables.tex", head + tables + "\\end{document}\n")
    let log = try compile(in: folder.url)
    #expect(!log.contains("\n! "), "\(log.suffix(2000))")
    #expect(!log.contains("Overfull"), "\(log.suffix(2000))")
    #expect(log.contains("Output written on tables.pdf (5 pages"), "\(log.suffix(500))")
  }

  private func compile(in folder: URL) throws -> String {
    _ = try ChildProgram(
      URL(filePath: compiler), ["-interaction=nonstopmode", "-no-shell-escape", "tables.tex"], in: folder
    ).wait()
    return try String(contentsOf: folder.appending(path: "tables.log"), encoding: .isoLatin1)
  }
}
