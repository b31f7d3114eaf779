import Foundation

extension Figure {
  /// Mid-sagittal slices: image, truth and every method, with the case's Dice (after the paper's Figs. 7 and 9).
  package static func overlays(_ overlays: [Overlay], _ input: ReportInput) -> Figure? {
    guard let first = overlays.first else { return nil }
    let headings = ["Image", "Truth"] + first.predictions.map(\.variant)
    return Figure(
      name: "overlays",
      caption:
        "Middle sagittal slice of the test cases with the \(overlays.map(\.role).joined(separator: ", ")) mean Dice"
        + " of \(input.scored?.name ?? ""); below each prediction the whole case's mean Dice (%).",
      drawing(overlays, headings: headings, structures: input.structures), title: "Predictions of \(input.title)")
  }

  /// One slice of a label map that has no truth, beside the bare image.
  ///
  /// - Parameters:
  ///   - note: which slice it is.
  ///   - aspect: height of a voxel over its width.
  package static func prediction(
    of name: String, image: Overlay.Labels, labels: Overlay.Labels, structures: [String], note: String, aspect: Double
  ) -> Figure {
    let overlay = Overlay(
      name: name, role: note, image: image, truth: nil,
      predictions: [.init(variant: "Prediction", labels: labels, dice: nil)], aspect: aspect)
    return Figure(
      name: "overlay", caption: "\(name), \(note).",
      drawing([overlay], headings: ["Image", "Prediction"], structures: structures), title: "Prediction of \(name)")
  }

  private static func drawing(_ overlays: [Overlay], headings: [String], structures: [String]) -> SVG {
    let layout = OverlayLayout(overlays, headings: headings)
    let legend = Legend(structures, width: layout.width - 30, symbol: 14)
    var svg = SVG(width: layout.width, height: layout.height + 30 + legend.height)
    defineHatchings(&svg, structures, overlays, layout)
    for (number, overlay) in overlays.enumerated() { defineSlice(&svg, number, overlay) }
    for band in layout.bands.indices { draw(band, layout, overlays, &svg) }
    legend.draw(&svg, left: 20, top: layout.height + 16) { svg, index, x, y in
      let square = "<rect x=\"\(SVG.n(x))\" y=\"\(SVG.n(y - 9))\" width=\"10\" height=\"10\""
      fill(&svg, square, StructureLook(index), place: "legend")
    }
    return svg
  }

  /// The grey slice is held once and shown behind every map.
  private static func defineSlice(_ svg: inout SVG, _ number: Int, _ overlay: Overlay) {
    let data = GreyPNG.encode(overlay.image).base64EncodedString()
    svg.add(
      "<defs><image id=\"slice\(number)\" width=\"\(overlay.image.width)\" height=\"\(overlay.image.height)\""
        + " preserveAspectRatio=\"none\" href=\"data:image/png;base64,\(data)\"/></defs>")
  }

  /// The columns that stand beside each other, with their headings.
  private static func draw(_ band: Int, _ layout: OverlayLayout, _ overlays: [Overlay], _ svg: inout SVG) {
    for (place, column) in layout.bands[band].enumerated() {
      let heading = layout.headings[column]
      svg.text(heading, layout.left(place) + layout.tile / 2, layout.headingFoot(band, heading), anchor: .middle)
    }
    for (number, overlay) in overlays.enumerated() {
      let top = layout.top(band, row: number)
      let height = layout.height(of: overlay)
      let name = layout.names[number]
      let first = top + height / 2 - 4 - Double(name.count - 1) / 2 * TextMeasure.lineHeight(11)
      svg.text(name + [overlay.role], layout.left(0) - 8, first, anchor: .end)
      for (place, column) in layout.bands[band].enumerated() {
        draw(overlay, number, column, layout, left: layout.left(place), top: top, &svg)
      }
    }
  }

  private static func draw(
    _ overlay: Overlay, _ number: Int, _ column: Int, _ layout: OverlayLayout, left: Double, top: Double,
    _ svg: inout SVG
  ) {
    let maps = overlay.maps
    let labels = column > 0 ? maps[column - 1].labels : nil
    let (x, y) = layout.scale(of: overlay)
    svg.add(
      "<g transform=\"translate(\(SVG.n(left)) \(SVG.n(top))) scale(\(SVG.n(x)) \(SVG.n(y)))\">"
        + "<use href=\"#slice\(number)\"/>")
    if let labels { addContours(labels, place: "\(number)", &svg) }
    svg.add("</g>")
    guard column > 0, maps[column - 1].isScored else { return }
    let dice = maps[column - 1].dice.map { NumberFormat.fixed(2).text($0 * 100) } ?? "—"
    svg.text(dice, left + layout.tile / 2, top + layout.height(of: overlay) + 16, anchor: .middle)
  }

  private static func addContours(_ labels: Overlay.Labels, place: String, _ svg: inout SVG) {
    for label in Set(labels.values).subtracting([0]).sorted() {
      let path =
        "<path d=\"\(labels.contour(of: label))\" fill-opacity=\"0.55\" fill-rule=\"evenodd\" stroke=\"#fff\""
        + " stroke-width=\"0.6\""
      fill(&svg, path, StructureLook(Int(label) - 1), place: place)
    }
  }

  /// A shape in a structure's colour, and over it the hatching if it has one.
  private static func fill(_ svg: inout SVG, _ shape: String, _ look: StructureLook, place: String) {
    svg.add("\(shape) fill=\"\(look.colour)\"/>")
    if let hatching = look.hatching { svg.add("\(shape) fill=\"url(#\(hatching.identifier(place)))\"/>") }
  }

  /// Lines of the same width and distance in the legend and, whatever their scale, in the slices.
  private static func defineHatchings(
    _ svg: inout SVG, _ structures: [String], _ overlays: [Overlay], _ layout: OverlayLayout
  ) {
    let hatchings = Set(structures.indices.compactMap { StructureLook($0).hatching })
      .sorted { ($0.gap, $0.angle) < ($1.gap, $1.angle) }
    let scales = [("legend", (1.0, 1.0))] + overlays.enumerated().map { ("\($0)", layout.scale(of: $1)) }
    for (place, scale) in scales {
      for hatching in hatchings {
        svg.add(
          "<defs><pattern id=\"\(hatching.identifier(place))\" width=\"\(hatching.gap)\" height=\"\(hatching.gap)\""
            + " patternUnits=\"userSpaceOnUse\" patternTransform=\"scale(\(1 / scale.0) \(1 / scale.1))"
            + " rotate(\(hatching.angle))\"><path d=\"M0 0V\(hatching.gap)\" stroke=\"#fff\" stroke-width=\"1.5\"/>"
            + "</pattern></defs>")
      }
    }
  }
}

/// Where tiles and their names stand: columns in as many bands as the width asks for, cases below each other in each.
struct OverlayLayout {
  let tile = 118.0
  /// Columns by band.
  let bands: [Range<Int>]
  /// In lines.
  let headings: [[String]]
  let names: [[String]]
  let width: Double
  private let margin: Double
  private let headingHeight: Double
  private let rowHeight: Double
  private let bandHeight: Double

  /// A figure wider than this goes into several bands.
  private static let widestBand = 1500.0
  /// Of a tile, in pixels: a slice of other proportions is drawn smaller.
  private static let tallestTile = 480.0
  private static let longestName = 190.0

  init(_ overlays: [Overlay], headings titles: [String]) {
    headings = titles.map { [tile] in TextMeasure.lines($0, width: tile, size: 11) }
    names = overlays.map { TextMeasure.lines($0.name, width: Self.longestName, size: 11) }
    let texts = names.joined() + overlays.map(\.role)
    margin = max(70, 16 + (texts.map { TextMeasure.width($0, size: 11) }.max() ?? 0))
    let perBand = max(2, Int((Self.widestBand - margin - 6) / (tile + 8)))
    let count = (titles.count + perBand - 1) / perBand
    let shared = (titles.count + count - 1) / count
    bands = stride(from: 0, to: titles.count, by: shared).map { $0..<min($0 + shared, titles.count) }
    width = max(margin + 6 + Double(shared) * (tile + 8), 328)
    headingHeight = 17 + Double(headings.map(\.count).max() ?? 1) * TextMeasure.lineHeight(11)
    let tallest = overlays.map { [tile] in Self.size(of: $0, tile).height }.max() ?? tile
    let tallestName = Double((names.map(\.count).max() ?? 1) + 1) * TextMeasure.lineHeight(11)
    rowHeight = max(tallest, tallestName) + 30
    bandHeight = headingHeight + Double(overlays.count) * rowHeight
  }

  /// Of all bands.
  var height: Double { Double(bands.count) * bandHeight }

  func left(_ place: Int) -> Double { margin + Double(place) * (tile + 8) }

  func top(_ band: Int, row: Int) -> Double {
    Double(band) * bandHeight + headingHeight + Double(row) * rowHeight
  }

  /// Of a heading's first line, so that the last one stands above its tile.
  func headingFoot(_ band: Int, _ heading: [String]) -> Double {
    top(band, row: 0) - 10 - Double(heading.count - 1) * TextMeasure.lineHeight(11)
  }

  func height(of overlay: Overlay) -> Double { Self.size(of: overlay, tile).height }

  /// Pixels of a voxel, across and down.
  func scale(of overlay: Overlay) -> (Double, Double) {
    let size = Self.size(of: overlay, tile)
    return (size.width / Double(overlay.image.width), size.height / Double(overlay.image.height))
  }

  private static func size(of overlay: Overlay, _ tile: Double) -> (width: Double, height: Double) {
    let height = tile * overlay.aspect * Double(overlay.image.height) / Double(overlay.image.width)
    return height > tallestTile ? (tile * tallestTile / height, tallestTile) : (tile, height)
  }
}
