import Experiments
import Foundation
import Reporting
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
    let folder = FileManager.default.temporaryDirectory.appending(path: "safnet-latex-\(name)-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let head = "\\documentclass{article}\n\\usepackage{booktabs,graphicx,amssymb}\n\\begin{document}\n"
    try (head + tables + "\\end{document}\n").write(
      to: folder.appending(path: "tables.tex"), atomically: true, encoding: .utf8)
    let log = try compile(in: folder)
    #expect(!log.contains("\n! "), "\(log.suffix(2000))")
    #expect(!log.contains("Overfull"), "\(log.suffix(2000))")
    #expect(log.contains("Output written on tables.pdf (5 pages"), "\(log.suffix(500))")
  }

  private func compile(in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: compiler)
    process.arguments = ["-interaction=nonstopmode", "-no-shell-escape", "tables.tex"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return try String(contentsOf: folder.appending(path: "tables.log"), encoding: .isoLatin1)
  }
}
