/// Elements of a drawing, as text; coordinates with two decimals.
struct SVG {
  private(set) var elements: [String] = []
  let width: Double
  let height: Double

  init(width: Double, height: Double) {
    (self.width, self.height) = (width, height)
    elements.append("<rect class=\"paper\" width=\"\(Self.n(width))\" height=\"\(Self.n(height))\" fill=\"#fff\"/>")
  }

  static func n(_ value: Double) -> String {
    let text = NumberFormat.fixed(2).text(value)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }

  mutating func add(_ element: String) { elements.append(element) }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, size: Double = 11
  ) {
    add(
      "<text class=\"ink\" x=\"\(Self.n(x))\" y=\"\(Self.n(y))\" font-size=\"\(Self.n(size))\""
        + " text-anchor=\"\(anchor)\" fill=\"#222\">\(HTML.escaped(text))</text>")
  }

  /// Lines below each other.
  mutating func text(_ lines: [String], _ x: Double, _ y: Double, anchor: Anchor = .start) {
    for (number, line) in lines.enumerated() {
      text(line, x, y + Double(number) * TextMeasure.lineHeight(11), anchor: anchor)
    }
  }

  /// Rising to the right, at 45°.
  mutating func slantedText(_ text: String, endingAt x: Double, _ y: Double) {
    add(
      "<text class=\"ink\" transform=\"translate(\(Self.n(x)) \(Self.n(y))) rotate(-45)\" font-size=\"11\""
        + " text-anchor=\"end\" fill=\"#222\">\(HTML.escaped(text))</text>")
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, faint: Bool = false) {
    add(
      "<path class=\"\(faint ? "grid" : "axis")\" d=\"M\(Self.n(x1)) \(Self.n(y1))L\(Self.n(x2)) \(Self.n(y2))\""
        + " stroke=\"\(faint ? "#ddd" : "#555")\" fill=\"none\"/>")
  }

  mutating func polyline(_ points: [(Double, Double)], _ style: SeriesStyle) {
    guard !points.isEmpty else { return }
    let dash = style.dash.isEmpty ? "" : " stroke-dasharray=\"\(style.dash)\""
    add("<path d=\"\(Self.path(points))\" fill=\"none\" stroke=\"\(style.colour)\" stroke-width=\"2\"\(dash)/>")
  }

  /// A band between two curves.
  mutating func band(lower: [(Double, Double)], upper: [(Double, Double)], _ style: SeriesStyle) {
    guard lower.count > 1 else { return }
    let outline = Self.path(lower + upper.reversed())
    add("<path d=\"\(outline)Z\" fill=\"\(style.colour)\" fill-opacity=\"0.15\" stroke=\"none\"/>")
  }

  /// Many dots in one element.
  mutating func dots(_ points: [(Double, Double)], _ style: SeriesStyle) {
    guard !points.isEmpty else { return }
    let path = points.map { "M\(Self.n($0.0)) \(Self.n($0.1))h0" }.joined()
    add(
      "<path d=\"\(path)\" stroke=\"\(style.colour)\" stroke-opacity=\"0.45\" stroke-width=\"3\""
        + " stroke-linecap=\"round\" fill=\"none\"/>")
  }

  mutating func marker(_ style: SeriesStyle, _ x: Double, _ y: Double, radius r: Double = 4) {
    let paint =
      style.isHollow
      ? "fill=\"none\" stroke=\"\(style.colour)\" stroke-width=\"1.8\""
      : "class=\"mark\" fill=\"\(style.colour)\" stroke=\"#222\" stroke-width=\"1\""
    add("<path d=\"\(style.marker.path(x, y, r))\" \(paint)/>")
  }

  private static func path(_ points: [(Double, Double)]) -> String {
    points.enumerated().map { "\($0.offset == 0 ? "M" : "L")\(n($0.element.0)) \(n($0.element.1))" }.joined()
  }

  func document(title: String) -> String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.n(width)) \(Self.n(height))\""
      + " width=\"\(Self.n(width))\" height=\"\(Self.n(height))\" role=\"img\""
      + " font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n<title>\(HTML.escaped(title))</title>\n"
      + elements.joined(separator: "\n") + "\n</svg>\n"
  }
}

extension SeriesStyle.Marker {
  /// The outline around a centre.
  fileprivate func path(_ x: Double, _ y: Double, _ r: Double) -> String {
    func outline(_ offsets: [(Double, Double)]) -> String {
      offsets.enumerated().map { index, offset in
        "\(index == 0 ? "M" : "L")\(SVG.n(x + offset.0 * r)) \(SVG.n(y + offset.1 * r))"
      }.joined() + "Z"
    }
    switch self {
    case .circle:
      let d = SVG.n(r)
      return "M\(SVG.n(x - r)) \(SVG.n(y))a\(d) \(d) 0 1 0 \(SVG.n(2 * r)) 0a\(d) \(d) 0 1 0 \(SVG.n(-2 * r)) 0Z"
    case .square: return outline([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case .triangle: return outline([(0, -1.1), (1.1, 0.9), (-1.1, 0.9)])
    case .diamond: return outline([(0, -1.3), (1, 0), (0, 1.3), (-1, 0)])
    case .cross:
      return outline([
        (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2), (-0.4, 1.2),
        (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
      ])
    case .star:
      return outline([
        (0, -1.4), (0.4, -0.4), (1.4, -0.4), (0.6, 0.3), (0.9, 1.3), (0, 0.7), (-0.9, 1.3), (-0.6, 0.3), (-1.4, -0.4),
        (-0.4, -0.4),
      ])
    }
  }
}
