/// A drawing of the report. The SVG is written here: no plotting program is needed to get it, and the same store gives
/// the same bytes. Text, lines and fills carry classes, so that the page can recolour them for a dark screen.
package struct Figure: Equatable, Sendable {
  /// Names the file.
  package var name: String
  package var caption: String
  package var svg: String
  /// In pixels.
  package var width: Double
  package var height: Double

  init(name: String, caption: String, _ drawing: SVG, title: String) {
    (self.name, self.caption, svg) = (name, caption, drawing.document(title: title))
    (width, height) = (drawing.width, drawing.height)
  }

  /// Of a side. A PNG has at most 32,767 pixels on each, and ours have two for one of the drawing.
  package static let largestSide = 16_000.0

  fileprivate var fits: Bool { width <= Self.largestSide && height <= Self.largestSide }
}

/// What is drawn of a report.
package struct Drawings: Equatable, Sendable {
  package var figures: [Figure]
  /// A sentence for each figure that would be too large.
  package var leftOut: [String]
}

extension Report {
  /// Every figure there is something to draw for.
  package func drawings(overlays: [Overlay] = []) -> Drawings {
    let all = [Figure.learningCurves(input), Figure.structures(input), Figure.overlays(overlays, input)]
      .compactMap { $0 }
    let leftOut = all.filter { !$0.fits }.map { figure in
      "The figure \(figure.name) is left out: \(input.rows.count) methods and \(input.structures.count) structures"
        + " would take \(Int(figure.width)) x \(Int(figure.height)) pixels, and a side has at most"
        + " \(Int(Figure.largestSide)). An experiment of fewer variants has it."
    }
    return Drawings(figures: all.filter(\.fits), leftOut: leftOut)
  }

  package func figures(overlays: [Overlay] = []) -> [Figure] { drawings(overlays: overlays).figures }
}
