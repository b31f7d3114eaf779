import Metrics

extension Figure {
  /// Dice of every case, structure by structure and method by method, with the means (after the paper's Fig. 8).
  static func structures(_ input: ReportInput) -> Figure? {
    guard input.rows.contains(where: { !$0.finished.isEmpty }), !input.structures.isEmpty else { return nil }
    let layout = StructureLayout(input.structures, variants: input.rows.count)
    let legend = Legend(input.rows.map(\.name), width: layout.width - 60, symbol: 32)
    var svg = SVG(width: layout.width, height: layout.height + 22 + legend.height)
    let scores = input.rows.map { $0.cases(.dice).map(\.values) }
    for row in layout.rows.indices { draw(row, layout, scores, &svg) }
    legend.drawSeries(&svg, left: 30, top: layout.height + 18, dashed: false)
    return Figure(
      name: "structure-dice",
      caption:
        "Dice per structure: each dot is a test case of a finished fold (those in which the structure counts), each"
        + " marker the mean. Methods stand in the legend's order.",
      svg, title: "Dice per structure of \(input.title)")
  }

  /// The structures that stand beside each other in one panel.
  ///
  /// - Parameter scores: method by method, case by case, of each structure.
  private static func draw(_ row: Int, _ layout: StructureLayout, _ scores: [[[Double?]]], _ svg: inout SVG) {
    let panel = layout.panel(row)
    panel.drawFrame(&svg, title: "Dice similarity (%)", drawsX: false)
    for (place, structure) in layout.rows[row].enumerated() {
      let middle = panel.left + (Double(place) + 0.5) * layout.group
      let left = middle - Double(scores.count) / 2 * layout.slot
      layout.drawLabel(&svg, structure, middle: middle, panel)
      for (number, cases) in scores.enumerated() {
        let values = cases.compactMap { $0[structure] }
        draw(values, at: left + (Double(number) + 0.5) * layout.slot, layout.slot, &svg, panel, SeriesStyle(number))
      }
    }
  }

  /// Dots are spread sideways in a fixed pattern, so that equal values stay visible.
  private static func draw(
    _ values: [Double], at centre: Double, _ slot: Double, _ svg: inout SVG, _ panel: Panel, _ style: SeriesStyle
  ) {
    let dots = values.enumerated().map { index, value in
      (centre + (Double(index * 7 % 11) / 10 - 0.5) * max(0, slot - 4), panel.point(0, value).1)
    }
    svg.dots(dots, style)
    if let mean = Sample(values).mean { svg.marker(style, centre, panel.point(0, mean).1, radius: 4.5) }
  }
}

/// Where the structures of the figure stand, and how their names are set: in one line or a few where they fit below their
/// methods, else slanted.
struct StructureLayout {
  /// Structures by panel.
  let rows: [Range<Int>]
  /// Width of a method, and of a structure with all its methods.
  let slot: Double
  let group: Double
  let width: Double
  /// Of all panels with their names.
  var height: Double { Double(rows.count) * rowHeight }
  private let labels: [[String]]
  private let isSlanted: Bool
  private let left: Double
  private let rowHeight: Double

  /// A figure wider than this goes into several panels.
  private static let widestRow = 1500.0
  private static let narrowest = 520.0
  private static let panelHeight = 262.0
  private static let size = 11.0
  private static let longestLabel = 230.0

  init(_ names: [String], variants: Int) {
    let count = Double(names.count)
    let room = (440 - 14 * count) / (Double(variants) * count)
    slot = min(22, max(13, room), max(4, (Self.widestRow - 80) / Double(variants)))
    // A few structures share the width that the figure has at least.
    let methods = max(Double(variants) * slot + 14, (Self.narrowest - 66) / count)
    let fits = names.allSatisfy { TextMeasure.breaksAtWords($0, width: methods - 6, size: Self.size) }
    let upright = names.map { TextMeasure.lines($0, width: methods - 6, size: Self.size) }
    isSlanted = !fits || upright.contains { $0.count > 3 }
    labels = isSlanted ? names.map { TextMeasure.lines($0, width: Self.longestLabel, size: Self.size) } : upright
    let lines = Double(labels.map(\.count).max() ?? 1) * TextMeasure.lineHeight(Self.size)
    // Lines at 45° stand side by side along the axis.
    group = max(methods, isSlanted ? lines * 2.0.squareRoot() + 6 : 0)
    let reach = isSlanted ? (labels.joined().map { TextMeasure.width($0, size: Self.size) }.max() ?? 0) * 0.71 : 0
    left = max(52, reach + (isSlanted ? lines * 0.71 : 0) + 12 - group / 2)
    let perRow = max(1, Int((Self.widestRow - left - 14) / group))
    let panels = (names.count + perRow - 1) / perRow
    let shared = (names.count + panels - 1) / panels
    rows = stride(from: 0, to: names.count, by: shared).map { $0..<min($0 + shared, names.count) }
    width = max(Self.narrowest, left + group * Double(shared) + 14)
    rowHeight = 34 + Self.panelHeight + (isSlanted ? reach + lines * 0.71 + 22 : 17 + lines)
  }

  func panel(_ row: Int) -> Panel {
    Panel(
      left: left, top: Double(row) * rowHeight + 34, width: width - left - 14, height: Self.panelHeight,
      x: Axis(covering: [0, 1]), y: Axis(covering: [0, 100]))
  }

  func drawLabel(_ svg: inout SVG, _ structure: Int, middle: Double, _ panel: Panel) {
    let foot = panel.top + panel.height
    guard isSlanted else { return svg.text(labels[structure], middle, foot + 18, anchor: .middle) }
    let step = TextMeasure.lineHeight(Self.size) * 2.0.squareRoot()
    let start = middle - Double(labels[structure].count - 1) / 2 * step + 5
    for (number, line) in labels[structure].enumerated() {
      svg.slantedText(line, endingAt: start + Double(number) * step, foot + 12)
    }
  }
}
