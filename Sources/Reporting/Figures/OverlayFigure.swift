import Foundation

extension Figure {
  /// Mid-sagittal slices: image, truth and every method, with the case's Dice (after the paper's Figs. 7 and 9).
  static func overlays(_ overlays: [Overlay], _ input: ReportInput) -> Figure? {
    guard let first = overlays.first else { return nil }
    let tile = 118.0
    let tileHeight = (overlays.map { $0.aspect * Double($0.image.height) / Double($0.image.width) }.max() ?? 1) * tile
    let width = 76 + Double(first.predictions.count + 2) * (tile + 8)
    let rowHeight = tileHeight + 30
    var svg = SVG(width: width, height: 34 + Double(overlays.count) * rowHeight + legendHeight(input, width))
    for (column, name) in (["Image", "Truth"] + first.predictions.map(\.variant)).enumerated() {
      svg.text(name, 70 + Double(column) * (tile + 8) + tile / 2, 20, anchor: .middle, size: name.count > 18 ? 8.5 : 11)
    }
    for (row, overlay) in overlays.enumerated() {
      draw(overlay, number: row, top: 30 + Double(row) * rowHeight, tile: tile, &svg)
    }
    drawLegend(&svg, input, top: 46 + Double(overlays.count) * rowHeight, width: width)
    return Figure(
      name: "overlays",
      caption:
        "Middle sagittal slice of the test cases with the \(overlays.map(\.role).joined(separator: ", ")) mean Dice"
        + " of \(input.scored?.name ?? ""); below each prediction the whole case's mean Dice (%).",
      svg: svg.document(title: "Predictions of \(input.title)"))
  }

  private static func draw(_ overlay: Overlay, number: Int, top: Double, tile: Double, _ svg: inout SVG) {
    let (columns, rows) = (Double(overlay.image.width), Double(overlay.image.height))
    let scale = "scale(\(SVG.n(tile / columns)) \(SVG.n(tile / columns * overlay.aspect)))"
    let height = tile / columns * overlay.aspect * rows
    let data = GreyPNG.encode(overlay.image).base64EncodedString()
    svg.add(
      "<defs><image id=\"slice\(number)\" width=\"\(overlay.image.width)\" height=\"\(overlay.image.height)\""
        + " preserveAspectRatio=\"none\" href=\"data:image/png;base64,\(data)\"/></defs>")
    svg.text(overlay.name, 62, top + height / 2 - 4, anchor: .end, size: overlay.name.count > 9 ? 8 : 11)
    svg.text(overlay.role, 62, top + height / 2 + 11, anchor: .end)
    let maps: [(Overlay.Labels?, String)] =
      [(nil, ""), (overlay.truth, "")]
      + overlay.predictions.map { ($0.labels, $0.dice.map { NumberFormat.fixed(2).text($0 * 100) } ?? "—") }
    for (column, map) in maps.enumerated() {
      let left = 70 + Double(column) * (tile + 8)
      svg.add("<g transform=\"translate(\(SVG.n(left)) \(SVG.n(top))) \(scale)\"><use href=\"#slice\(number)\"/>")
      if let labels = map.0 { addContours(labels, &svg) }
      svg.add("</g>")
      svg.text(map.1, left + tile / 2, top + height + 16, anchor: .middle)
    }
  }

  private static func addContours(_ labels: Overlay.Labels, _ svg: inout SVG) {
    for label in Set(labels.values).subtracting([0]).sorted() {
      svg.add(
        "<path d=\"\(labels.contour(of: label))\" fill=\"\(colour(Int(label) - 1))\" fill-opacity=\"0.55\""
          + " fill-rule=\"evenodd\" stroke=\"#fff\" stroke-width=\"0.6\"/>")
    }
  }

  /// Neighbours in the spine are far apart in the list of structures and in hue; more structures than hues share them.
  private static func colour(_ structure: Int) -> String { SeriesStyle.colours[structure % SeriesStyle.colours.count] }

  private static func legendHeight(_ input: ReportInput, _ width: Double) -> Double {
    Double((input.structures.count * 62 + Int(width) - 31) / (Int(width) - 30)) * 18 + 14
  }

  private static func drawLegend(_ svg: inout SVG, _ input: ReportInput, top: Double, width: Double) {
    var (x, y) = (20.0, top)
    for (index, name) in input.structures.enumerated() {
      if x + 62 > width - 10 { (x, y) = (20, y + 18) }
      svg.add(
        "<rect x=\"\(SVG.n(x))\" y=\"\(SVG.n(y - 9))\" width=\"10\" height=\"10\" fill=\"\(colour(index))\"/>")
      svg.text(name, x + 14, y)
      x += 62
    }
  }
}
