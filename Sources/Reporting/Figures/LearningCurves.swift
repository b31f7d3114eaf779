import Metrics

extension Figure {
  /// Loss, validation Dice and learning rate by epoch: the mean over a variant's folds, and from the least to the most.
  static func learningCurves(_ input: ReportInput) -> Figure? {
    let variants = input.rows.filter { $0.runs.contains { !$0.epochs.isEmpty } }
    guard !variants.isEmpty else { return nil }
    let quantities: [(String, (ReportInput.Epoch) -> Double?)] = [
      ("Training loss", { $0.trainingLoss }), ("Validation Dice (%)", { $0.validationDice.map { $0 * 100 } }),
      ("Learning rate / 10⁻³", { $0.learningRate * 1000 }),
    ]
    let names = input.rows.map(\.name)
    let runs = input.rows.contains(where: \.hasSeveralSeeds) ? "run" : "fold"
    let width = 980.0
    let legend = Legend(names, width: width - 60, symbol: 32)
    var svg = SVG(width: width, height: 318 + legend.height)
    for (index, quantity) in quantities.enumerated() {
      let curves = input.rows.map { Curve($0, quantity.1) }
      let values = curves.flatMap { $0.lower + $0.upper }
      let panel = Panel(
        left: 56 + Double(index) * 322, top: 34, width: 262, height: 220,
        x: Axis(covering: curves.flatMap(\.epochs) + [0]), y: Axis(covering: values + [0]))
      panel.drawFrame(&svg, title: quantity.0, xTitle: "Epoch")
      for (number, curve) in curves.enumerated() { curve.draw(&svg, panel, SeriesStyle(number)) }
    }
    legend.drawSeries(&svg, left: 30, top: 314, dashed: true)
    return Figure(
      name: "learning-curves",
      caption:
        "Learning curves: mean over the \(runs)s of each method (lines) and the range from the lowest to the highest"
        + " \(runs) (bands), over the \(runs)s that reached the epoch.",
      svg, title: "Learning curves of \(input.title)")
  }

  private struct Curve {
    var epochs: [Double] = []
    var mean: [Double] = []
    var lower: [Double] = []
    var upper: [Double] = []

    init(_ variant: ReportInput.Variant, _ quantity: (ReportInput.Epoch) -> Double?) {
      // Of an epoch that a run has twice, the later one counts.
      let runs = variant.runs.map { Dictionary($0.epochs.map { ($0.number, $0) }, uniquingKeysWith: { $1 }) }
      for number in Set(runs.flatMap(\.keys)).sorted() {
        let values = runs.compactMap { $0[number].flatMap(quantity) }.filter(\.isFinite)
        guard let average = Sample(values).mean else { continue }
        epochs.append(Double(number))
        mean.append(average)
        lower.append(values.min()!)
        upper.append(values.max()!)
      }
    }

    func draw(_ svg: inout SVG, _ panel: Panel, _ style: SeriesStyle) {
      func points(_ values: [Double]) -> [(Double, Double)] { zip(epochs, values).map { panel.point($0, $1) } }
      svg.band(lower: points(lower), upper: points(upper), style)
      svg.polyline(points(mean), style)
      if let end = points(mean).last { svg.marker(style, end.0, end.1) }
    }
  }
}
