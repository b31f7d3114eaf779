import Crypto
import Experiments
import Foundation
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
      const keys = () => [...body.rows].map(row => row.cells[1].dataset.v);
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
    func hash(_ text: Substring) -> String { Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString() }
    #expect(
      policy == "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))';"
        + " img-src data:; base-uri 'none'; form-action 'none'")
    #expect(page.matches(of: /<script/).count == 1)
    #expect(page.firstMatch(of: /[ ](style|on[a-z]+)=/) == nil, "the policy forbids what stands in attributes")
    let head = try #require(page.range(of: "Content-Security-Policy"))
    #expect(head.lowerBound < page.range(of: "<title>")!.lowerBound, "before anything that a name stands in")
  }

  @Test func escapesNames() {
    let page = HTMLPage.text(Report(Fixture.nasty), figures: [])
    #expect(page.contains("<h1>50 % of A_B &amp; C #1 | &lt;D&gt;</h1>"))
    #expect(page.contains("Base_0 &amp; 1 % | #, &quot;q&quot;"))
    #expect(!page.contains("<D>"))
  }

  @Test func holdsPlansAndProvenance() {
    let page = HTMLPage.text(Report(Fixture.halfDone), figures: [])
    #expect(page.contains("5 of 6 runs have finished"))
    #expect(page.contains(Fixture.identity(3, 2)) && page.contains("SAFNet, fold 3: interrupted"))
    #expect(page.contains("&quot;training&quot;: {\n    &quot;epochs&quot;: 4\n  }"))
    #expect(page.contains("Processor 9000, 1 thread per run, avx512") && page.contains(Fixture.provenance.dataset))
  }
}
