import Crypto
import Experiments
import Foundation
import Page
import Reporting
import TestSupport
import Testing

/// Debian's chromium; without it, the page is only compared and parsed.
private let browser = "/usr/bin/chromium"

@Suite(.serialized) struct PageTests {
  /// What the page's own script and layout make of it, measured inside the browser.
  private struct Measures: Decodable {
    var width, scrollWidth: Int
    var cut: [String]
    var scrolled: [String]
    var ascending, descending: [String]
    var missingLast: Bool
    var sorted: String?
  }

  private static let probe = """
    <script>addEventListener("load", () => {
      const box = document.documentElement;
      const cut = [...document.querySelectorAll("h1,h2,p,figcaption,dd,summary,pre,.scroll")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + " " + e.textContent.slice(0, 40));
      const scrolled = [...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth + 1)
        .map(e => e.parentNode.id);
      const head = document.querySelectorAll("#structures thead th")[1], body = head.closest("table").tBodies[0];
      const keys = () => [...body.rows].map(row => row.cells[1].title.split(/ ±|;/)[0]);
      head.querySelector("button").click(); const descending = keys();
      head.querySelector("button").click(); const ascending = keys();
      parent.postMessage(JSON.stringify({ width: innerWidth, scrollWidth: box.scrollWidth, cut, scrolled, ascending, descending,
        missingLast: ascending.at(-1) === "" && descending.at(-1) === "", sorted: head.getAttribute("aria-sort") }), "*");
    });</script>
    """

  /// A window cannot be as narrow as a telephone, a frame can.
  private func framed(_ page: String, width: Int) -> String {
    // The probe is no script of the page's; all else its policy forbids stays forbidden.
    let inner = page.replacing(/script-src 'sha256-[^']*'/, with: "script-src 'unsafe-inline'")
      .replacingOccurrences(of: "</body>", with: Self.probe + "</body>")
      .replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "\"", with: "&quot;")
    return """
      <!DOCTYPE html><link rel="icon" href="data:,"><pre id="measures"></pre><script>
      addEventListener("message", event => { document.getElementById("measures").textContent = event.data; });
      </script><iframe width="\(width)" height="900" style="border:0" srcdoc="\(inner)"></iframe>
      """
  }

  private func open(_ page: String, width: Int) throws -> (dom: String, log: String) {
    let folder = try TemporaryFolder()
    let file = try folder.write("report.html", framed(page, width: width))
    let arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=1400,1000",
      "--user-data-dir=\(folder.url.path)/profile", "--virtual-time-budget=3000", "--dump-dom", file.absoluteString,
    ]
    let result = try ChildProgram(URL(filePath: browser), arguments, in: folder.url).wait()
    return (result.output, result.errors)
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: browser), "needs chromium"), arguments: [1280, 390])
  func staysQuietFitsAndSorts(_ width: Int) throws {
    let report = Report(Fixture.wide, ReportOptions(paper: ReportPlan.PaperTable.allCases))
    let page = HTMLPage.text(report, figures: report.figures(overlays: [FigureTests.overlay]))
    let (dom, log) = try open(page, width: width)
    #expect(!log.contains("CONSOLE"), "\(log)")
    let text = try #require(dom.firstMatch(of: /<pre id="measures">(.*?)<\/pre>/)).1
    let json = text.replacingOccurrences(of: "&amp;", with: "&").replacingOccurrences(of: "&lt;", with: "<")
    let measures = try JSONDecoder().decode(Measures.self, from: Data(json.utf8))
    #expect(measures.width == width)
    #expect(measures.scrollWidth <= width, "the page is wider than the window")
    #expect(measures.cut == [])
    #expect(width < 1280 || measures.scrolled == [], "wider than a desk's screen: \(measures.scrolled)")
    let ascending = measures.ascending.compactMap(Double.init)
    #expect(ascending.count == 6 && ascending == ascending.sorted())
    #expect(measures.descending.compactMap(Double.init) == ascending.reversed())
    #expect(measures.missingLast && measures.sorted == "ascending")
  }

  @Test func needsNothingFromOutside() {
    let report = Report(Fixture.nasty)
    let page = HTMLPage.text(report, figures: report.figures(overlays: [FigureTests.overlay]))
    let outside = page.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.1) }
      .filter { !$0.hasPrefix("data:") && !$0.hasPrefix("#") }
    #expect(outside == [])
    #expect(!page.contains("url(") && !page.contains("@import"))
  }

  /// Its own script and style sheet run, told by their SHA-256, and nothing that a name could bring.
  @Test func itsPolicyAllowsItsOwnScriptOnly() throws {
    let page = HTMLPage.text(Report(Fixture.nasty), figures: Report(Fixture.nasty).figures())
    let policy = try #require(page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1
    let script = try #require(page.firstMatch(of: /<script>([^<]*(?:<[^\/][^<]*)*)<\/script>/)).1
    let style = try #require(page.firstMatch(of: /<style>([^<]*)<\/style>/)).1
    let data = try #require(page.firstMatch(of: /<script type="application\/json" id="data">([^<>&]*)<\/script>/)).1
    func hash(_ text: Substring) -> String { Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString() }
    #expect(
      policy == "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))';"
        + " img-src data:; base-uri 'none'; form-action 'none'")
    // Its data are no script: a browser never runs what has such a type.
    #expect(page.matches(of: /<script/).count == 2)
    #expect(try JSONSerialization.jsonObject(with: Data(data.utf8)) is [String: Any])
    let markup = page.replacingOccurrences(of: script, with: "").replacingOccurrences(of: data, with: "")
    #expect(markup.firstMatch(of: /[ ](style|on[a-z]+)=/) == nil, "the policy forbids what stands in attributes")
    let head = try #require(page.range(of: "Content-Security-Policy"))
    #expect(head.lowerBound < page.range(of: "<title>")!.lowerBound, "before anything that a name stands in")
  }

  @Test func escapesNames() {
    let page = HTMLPage.text(Report(Fixture.nasty), figures: [])
    #expect(page.contains("<h1 id=\"title\">50 % of A_B &amp; C #1 | &lt;D&gt;</h1>"))
    #expect(page.contains("Base_0 &amp; 1 % | #, &quot;q&quot;"))
    #expect(!page.contains("<D>"))
  }

  /// Nothing of a module's form is left in the one script, and nothing that would end it.
  @Test func itsScriptIsTheDashboardsModulesInOne() throws {
    let page = HTMLPage.text(Report(Fixture.halfDone), figures: [])
    let script = try #require(page.firstMatch(of: /<script>((?s:.*?))<\/script>\n<\/body>/)).1
    let lines = script.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(!lines.contains { $0.hasPrefix("import ") || $0.hasPrefix("export ") })
    #expect(!script.contains("</") && !script.contains("<!--"))
    for file in PageFiles.all.keys where file.hasSuffix(".js") {
      let module = "const module_\(file.dropFirst().dropLast(3)) = (() => {"
      #expect(lines.count { $0 == module } == 1, "\(file)")
    }
  }

  /// What the page holds beside its tables. Not by `JSONSerialization`, which does not read every number to its last bit.
  private struct Stored: Decodable {
    struct Sweep: Decodable { let runs: [Line] }
    struct Line: Decodable { let run, state: String }
    struct Facts: Decodable { let identity: String }
    struct Curve: Decodable {
      let run: String
      let loss, rate, seconds: [Double]
      let dice: [Double?]
    }
    struct Cases: Decodable { let measures: [Measure] }
    struct Measure: Decodable {
      let name: String
      let values: [[Double?]]
    }
    let sweep: Sweep
    let runs: [Facts]
    let curves: [Curve]?
    let cases: Cases
    let leftOut: [String]

    init(in page: String) throws {
      let text = try #require(page.firstMatch(of: /id="data">(.*?)<\/script>/.dotMatchesNewlines())).1
      self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }
  }

  /// Each place of the sweep has a line, begun or not; each epoch and case its numbers.
  @Test func itsDataAreTheRunsAndTheirNumbers() throws {
    let report = Report(Fixture.halfDone)
    let stored = try Stored(in: HTMLPage.text(report, figures: []))
    #expect(stored.sweep.runs.count == 6 && stored.runs.count == 6 && stored.leftOut == [])
    #expect(stored.sweep.runs.count { $0.state == "finished" } == 5)
    #expect(stored.runs.map(\.identity).contains(Fixture.identity(3, 2)))
    let run = try #require(report.input.variants[0].runs.first)
    let own = try #require(stored.curves?.first { $0.run == run.directory })
    #expect(own.loss == run.epochs.map(\.trainingLoss) && own.rate == run.epochs.map(\.learningRate))
    #expect(own.seconds == run.epochs.map(\.seconds) && own.dice == run.epochs.map(\.validationDice))
    let expected = report.input.rows.flatMap(\.finished).flatMap { $0.evaluations ?? [] }
    let known = Dictionary(uniqueKeysWithValues: stored.cases.measures.map { ($0.name, $0.values) })
    #expect(known["dice"] == expected.map(\.dice) && known["hd95"] == expected.map(\.hausdorff95))
  }

  /// What is asked for least goes first, and the page says what.
  @Test func whatWouldBeTooLargeIsLeftOutAndSaid() throws {
    var input = Fixture.halfDone
    let epoch = ReportInput.Epoch(
      number: 1, trainingLoss: 1 / 3, learningRate: 1 / 7, validationDice: 1 / 9, seconds: 1)
    input.variants[0].runs[0].epochs = Array(repeating: epoch, count: 80_000)
    let page = HTMLPage.text(Report(input), figures: [])
    let stored = try Stored(in: page)
    #expect(stored.curves == nil && page.utf8.count < 5_000_000)
    #expect(stored.leftOut.count == 1 && stored.leftOut[0].contains("larger than 5 MB: the learning curves."))
    #expect(stored.cases.measures.count > 1, "they are small")
  }

  @Test func holdsPlansAndProvenance() {
    let page = HTMLPage.text(Report(Fixture.halfDone), figures: [])
    #expect(page.contains("5 of 6 runs have finished"))
    #expect(page.contains("# Methods: ") && page.contains("methods.md") && page.contains("checklist.md"))
    #expect(page.contains(Fixture.identity(3, 2)) && page.contains("SAFNet, fold 3: interrupted"))
    #expect(page.contains("&quot;training&quot;: {\n    &quot;epochs&quot;: 4\n  }"))
    #expect(page.contains("Processor 9000, 1 thread per run, avx512") && page.contains(Fixture.provenance.dataset))
  }
}
