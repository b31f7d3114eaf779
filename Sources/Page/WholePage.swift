import Crypto
import Foundation

/// The page as one file that opens from disk, without network or server.
package enum WholePage {
  /// - Parameters:
  ///   - title: as HTML, as are the other two.
  ///   - words: what stands beside it.
  ///   - content: what there is to read where no script runs.
  ///   - data: JSON that can stand in a page, for the script (`stored.js`).
  package static func text(title: String, words: String, content: String, data: String) -> String {
    let page = Template(PageFiles.text("/"))
    return page.filled([
      (#"<meta charset="utf-8">"#, #"<meta charset="utf-8">"# + "\n" + policyTag),
      ("<title>safnet</title>", "<title>\(title)</title>"),
      (#"<link rel="icon" href="/favicon.ico" type="image/svg+xml">"#, #"<link rel="icon" href="data:,">"#),
      (#"<link rel="stylesheet" href="/style.css">"#, "<style>\(style)</style>"),
      (#"<script type="module" src="/main.js"></script>"# + "\n", ""),
      (#"<h1 id="title">safnet</h1>"#, #"<h1 id="title">\#(title)</h1>"#),
      (#"<p id="connection" role="status"></p>"#, #"<p id="connection" role="status">\#(words)</p>"#),
      (
        #"<main id="view" tabindex="-1"><p class="soft">Reading the runs …</p></main>"#,
        #"<main id="view" class="tables" tabindex="-1">\#n"# + content + "\n</main>"
      ),
      (noScript, #"<script type="application/json" id="data">\#(data)</script>"# + "\n<script>\(script)</script>"),
    ])
  }

  /// How many bytes it has beside its content and data.
  package static var ownSize: Int { text(title: "", words: "", content: "", data: "").utf8.count }

  private static let noScript =
    "<noscript><p>This page is drawn by its script, which is part of safnet and loads nothing from elsewhere.</p></noscript>"

  private static let (style, script) = (PageFiles.text("/style.css"), JoinedScript.text)

  /// Nothing is loaded, and of what stands in the page only this style sheet and this script, told by their SHA-256
  /// (Content Security Policy, level 2), and pictures inside the file: whatever a name brings with it does not run.
  private static let policyTag =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src \(source(of: script)); style-src"
    + " \(source(of: style)); img-src data:; base-uri 'none'; form-action 'none'\">"

  /// How a policy names a text.
  package static func source(of text: String) -> String {
    "'sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())'"
  }
}

/// The server's page, of which parts are replaced, in the order in which they stand in it.
private struct Template {
  private let text: String

  init(_ text: String) { self.text = text }

  func filled(_ parts: [(part: String, new: String)]) -> String {
    var (filled, rest) = ("", Substring(text))
    for (part, new) in parts {
      guard let range = rest.range(of: part) else { continue }
      filled += rest[..<range.lowerBound] + new
      rest = rest[range.upperBound...]
    }
    return filled + rest
  }
}
