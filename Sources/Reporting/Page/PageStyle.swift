import Crypto
import Foundation

/// The page's style sheet and its one script, both inside the file, and the policy that lets a browser take no others.
package enum PageStyle {
  /// Nothing is loaded, and of what stands in the page only this style sheet and this script, told by their SHA-256
  /// (Content Security Policy, level 2), and pictures inside the file: whatever a name brings with it does not run.
  static let policy =
    "default-src 'none'; script-src \(source(of: script)); style-src \(source(of: css)); img-src data:; base-uri 'none';"
    + " form-action 'none'"

  /// How a policy names a text.
  package static func source(of text: String) -> String {
    "'sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())'"
  }

  static let css = """
    :root { color-scheme: light dark; --ink: #1d1d1f; --soft: #5c5c63; --line: #d4d4da; --paper: #fff;
      --shade: #f4f4f7; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #ececf0; --soft: #a8a8b3; --line: #3b3b45; --paper: #17171b; --shade: #212128; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 82rem; padding: 1rem; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
    h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; }
    .caption, .note, figcaption, header p, dd { color: var(--soft); font-size: .9rem; max-width: 62rem; }
    .status { border-left: 4px solid #D55E00; padding: .4rem .8rem; background: var(--shade); color: var(--ink); }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; overflow-wrap: normal;
      border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
    th, td { padding: .3rem .55rem; text-align: right; white-space: nowrap; }
    th[scope=row], thead th:first-child { text-align: left; font-weight: 500; white-space: normal; min-width: 7.5rem; }
    th.words, td.words { text-align: left; }
    thead th { border-bottom: 1px solid var(--ink); white-space: normal; vertical-align: bottom; }
    thead button { all: unset; cursor: pointer; font-weight: 600; }
    thead button:focus-visible { outline: 2px solid #0072B2; outline-offset: 2px; }
    th[aria-sort=ascending] button::after { content: " ▲"; } th[aria-sort=descending] button::after { content: " ▼"; }
    tbody tr:nth-child(even) { background: var(--shade); }
    tr.quoted { font-style: italic; color: var(--soft); }
    tr.section th, tr.section td { border-top: 1px solid var(--ink); }
    figure { margin: 2.2rem 0 0; } figure svg { max-width: 100%; min-width: 44rem; height: auto; }
    svg .paper { fill: none; } svg .ink { fill: var(--ink); } svg .grid { stroke: var(--line); }
    svg .axis, svg .mark { stroke: var(--ink); }
    details { border-bottom: 1px solid var(--line); padding: .35rem 0; } summary { cursor: pointer; }
    pre { overflow-x: auto; background: var(--shade); padding: .8rem; font-size: .8rem; }
    dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
    @media print { body { max-width: none; padding: 0; font-size: 10pt; } .scroll { overflow: visible; }
      table { font-size: 7.5pt; } th, td { padding: .15rem .35rem; } figure svg { min-width: 0; }
      section, figure { break-inside: avoid; } #runs { break-inside: auto; } header p:last-child { display: none; } }
    """

  static let script = """
    const heads = document.querySelectorAll("thead th");
    for (const head of heads) head.querySelector("button").addEventListener("click", () => {
      const column = head.cellIndex, body = head.closest("table").tBodies[0];
      const descending = head.getAttribute("aria-sort") !== "descending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const key = row => row.cells[column].dataset.v;
      const order = (a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === "" || y === "") return (x === "") - (y === "");
        const numbers = [Number(x), Number(y)];
        const sign = numbers.some(Number.isNaN) ? x.localeCompare(y, "en", { numeric: true }) : numbers[0] - numbers[1];
        return descending ? -sign : sign;
      };
      body.append(...[...body.rows].sort(order));
    });
    """
}
