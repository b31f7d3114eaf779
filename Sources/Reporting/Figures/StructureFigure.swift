extension Figure {
  /// Dice of every case, structure by structure and method by method, with the means (after the paper's Fig. 8).
  static func structures(_ input: ReportInput) -> Figure? {
    let variants = input.rows
    guard variants.contains(where: { !$0.finished.isEmpty }) else { return nil }
    let places = Double(variants.count * input.structures.count)
    let slot = min(22, max(13, (440 - 14 * Double(input.structures.count)) / places))
    let group = Double(variants.count) * slot + 14
    let width = max(520, 66 + group * Double(input.structures.count) + 14)
    let names = variants.map(\.name)
    var svg = SVG(width: width, height: 348 + 18 * Double(SVG.legendRows(names, width: width - 60)))
    let panel = Panel(
      left: 52, top: 34, width: width - 66, height: 262, x: Axis(covering: [0, 1]), y: Axis(covering: [0, 100]))
    panel.drawFrame(&svg, title: "Dice similarity (%)", drawsX: false)
    for structure in input.structures.indices {
      draw(structure, input, at: panel.left + Double(structure) * group + 7, slot, &svg, panel)
    }
    svg.legend(names, left: 30, top: 344, width: width - 60, dashed: false)
    return Figure(
      name: "structure-dice",
      caption:
        "Dice per structure: each dot is a test case of a finished fold (those in which the structure counts), each"
        + " marker the mean. Methods stand in the legend's order.",
      svg: svg.document(title: "Dice per structure of \(input.title)"))
  }

  /// One structure: its name, and the dots of every method beside each other.
  private static func draw(
    _ structure: Int, _ input: ReportInput, at left: Double, _ slot: Double, _ svg: inout SVG, _ panel: Panel
  ) {
    let middle = left + Double(input.rows.count) * slot / 2
    svg.text(input.structures[structure], middle, panel.top + panel.height + 18, anchor: .middle)
    for (number, variant) in input.rows.enumerated() {
      let values = variant.cases(.dice).compactMap { $0.values[structure] }
      draw(values, at: left + (Double(number) + 0.5) * slot, slot, &svg, panel, SeriesStyle(number))
    }
  }

  /// Dots are spread sideways in a fixed pattern, so that equal values stay visible.
  private static func draw(
    _ values: [Double], at centre: Double, _ slot: Double, _ svg: inout SVG, _ panel: Panel, _ style: SeriesStyle
  ) {
    let dots = values.enumerated().map { index, value in
      (centre + (Double(index * 7 % 11) / 10 - 0.5) * (slot - 4), panel.point(0, value).1)
    }
    svg.dots(dots, style)
    if let mean = Sample(values).mean { svg.marker(style, centre, panel.point(0, mean).1, radius: 4.5) }
  }
}
