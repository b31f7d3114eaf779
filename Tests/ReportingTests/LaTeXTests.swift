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
    #expect(log.contains("Output written on tables.pdf (8 pages"), "\(log.suffix(500))")
  }

  /// The names of a fuzz, a few at a time; what pdflatex makes of them it makes without an error.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: compiler), "needs pdflatex (texlive-latex-base)"))
  func compilesWhateverTheNames() throws {
    var names = NastyNames(seed: 16)
    let folder = try TemporaryFolder()
    let head = "\\documentclass{article}\n\\usepackage{booktabs,graphicx,amssymb}\n\\begin{document}\n"
    let tables = (0..<8).flatMap { number in
      Report(names.input()).tables.map { LaTeX.text($0, experiment: "x\(number)") + "\\clearpage\n" }
    }
    try folder.write("tables.tex", head + tables.joined() + "\\end{document}\n")
    let log = try compile(in: folder.url)
    #expect(!log.contains("\n! "), "\(log.suffix(3000))")
  }

  /// Row starts, ligatures, accents and Greek.
  @Test func namesAreSpeltForLaTeX() {
    let texts: [(String, String)] = [
      ("[1] UNet", "{[}1{]} UNet"),
      ("*ours", "{*}ours"),
      ("[2.5mm] x", "{[}2.5mm{]} x"),
      ("a--b", "a-{}-b"),
      ("---", "-{}-{}-"),
      ("''", "'{}'"),
      ("?`", "?{}`"),
      ("β-VAE", "$\\beta$-VAE"),
      ("Δ", "$\\Delta$"),
      ("ά", "$\\acute{\\alpha}$"),
      ("Résidu", "R\\'{e}sidu"),
      ("Re\u{301}sidu", "R\\'{e}sidu"),
      ("naïve", "na\\\"{\\i}ve"),
      ("Łódź", "\\L{}\\'{o}d\\'{z}"),
      ("ế", "\\'{\\^{e}}"),
      ("Größe", "Gr\\\"{o}\\ss{}e"),
      ("10²", "10$^{2}$"),
      ("椎", "\\safnetunicode{690E}{椎}"),
      ("\u{600}\\input", "\\safnetunicode{0600}{\u{600}}\\textbackslash{}input"),
      ("\u{301}a", "\\safnetunicode{0301}{\u{301}}a"),
      ("\u{1B}c", "{[}U+001B{]}c"),
      ("a\r\nb", "a  b"),
    ]
    for (name, expected) in texts {
      #expect(LaTeX.escaped(name).unicodeScalars.elementsEqual(expected.unicodeScalars), "\(LaTeX.escaped(name))")
    }
  }

  @Test func theMacroForOtherScriptsComesWithTheTablesThatNeedIt() throws {
    var input = Fixture.complete
    let plain = LaTeX.text(try #require(Report(input).table(.folds)), experiment: "x")
    #expect(!plain.contains("safnetunicode"))
    input.variants[0].name = "椎体"
    let text = LaTeX.text(try #require(Report(input).table(.folds)), experiment: "x")
    #expect(text.hasPrefix("\\providecommand{\\safnetunicode}"))
  }

  private func compile(in folder: URL) throws -> String {
    _ = try ChildProgram(
      URL(filePath: compiler), ["-interaction=nonstopmode", "-no-shell-escape", "tables.tex"], in: folder
    ).wait()
    return try String(contentsOf: folder.appending(path: "tables.log"), encoding: .isoLatin1)
  }
}
