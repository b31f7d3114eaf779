/// Names with a symbol each, in rows that fit; a name that is wider than the figure goes over several lines.
struct Legend {
  private struct Entry {
    let lines: [String]
    /// Of the symbol's left end and the first line's foot, from the legend's own corner.
    let x: Double
    let y: Double
  }

  private let entries: [Entry]
  private let symbol: Double
  /// From the first line's foot to where the next row's would be.
  let height: Double

  private static let row = 18.0
  private static let size = 11.0

  /// - Parameter symbol: the width of a symbol and the gap behind it.
  init(_ names: [String], width: Double, symbol: Double) {
    var entries: [Entry] = []
    var (x, y, tallest) = (0.0, 0.0, 1)
    for name in names {
      let lines = TextMeasure.lines(name, width: width - symbol, size: Self.size)
      let space = symbol + (lines.map { TextMeasure.width($0, size: Self.size) }.max() ?? 0) + 14
      if x > 0 && x + space - 14 > width {
        (x, y, tallest) = (0, y + Self.rowHeight(tallest), 1)
      }
      entries.append(Entry(lines: lines, x: x, y: y))
      x += space
      tallest = max(tallest, lines.count)
    }
    self.entries = entries
    self.symbol = symbol
    height = y + Self.rowHeight(tallest)
  }

  private static func rowHeight(_ lines: Int) -> Double { row + Double(lines - 1) * TextMeasure.lineHeight(size) }

  /// - Parameter drawSymbol: draws the symbol of a name, from the left end and the foot of its line.
  func draw(_ svg: inout SVG, left: Double, top: Double, drawSymbol: (inout SVG, Int, Double, Double) -> Void) {
    for (index, entry) in entries.enumerated() {
      drawSymbol(&svg, index, left + entry.x, top + entry.y)
      svg.text(entry.lines, left + entry.x + symbol, top + entry.y)
    }
  }

  /// Marker, and dash where the figure has lines.
  func drawSeries(_ svg: inout SVG, left: Double, top: Double, dashed: Bool) {
    draw(&svg, left: left, top: top) { svg, index, x, y in
      let style = SeriesStyle(index)
      if dashed { svg.polyline([(x, y - 4), (x + 26, y - 4)], style) }
      svg.marker(style, x + 13, y - 4)
    }
  }
}
