/// A drawing of the report. The SVG is written here: no plotting program is needed to get it, and the same store gives
/// the same bytes. Text, lines and fills carry classes, so that the page can recolour them for a dark screen.
package struct Figure: Equatable, Sendable {
  /// Names the file.
  package var name: String
  package var caption: String
  package var svg: String
}

extension Report {
  /// Every figure there is something to draw for.
  package func figures(overlays: [Overlay] = []) -> [Figure] {
    [Figure.learningCurves(input), Figure.structures(input), Figure.overlays(overlays, input)].compactMap { $0 }
  }
}

/// How one variant looks in every figure: a colour-blind-safe hue (Okabe and Ito 2008), and a dash and a marker that
/// tell it from the others without any hue.
struct SeriesStyle {
  let colour: String
  let dash: String
  let marker: Marker

  enum Marker: CaseIterable { case circle, square, triangle, diamond, cross, star }

  init(_ index: Int) {
    colour = Self.colours[index % Self.colours.count]
    dash = ["", "7 3", "2 2", "9 3 2 3", "4 4", "1 3"][index % 6]
    marker = Marker.allCases[index % Marker.allCases.count]
  }

  static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
}
