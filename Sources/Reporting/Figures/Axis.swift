import Foundation

/// A linear scale with round ticks.
struct Axis {
  let lower: Double
  let upper: Double
  let ticks: [Double]
  private let decimals: Int

  /// Covers the values with a step of 1, 2 or 5 times a power of ten.
  init(covering values: [Double], about count: Int = 5) {
    let least = values.min() ?? 0
    let most = values.max() ?? 1
    let span = most > least ? most - least : max(abs(most), 1)
    let rough = span / Double(count)
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
    let first = floor(least / step + 1e-9)
    let last = max(first + 1, ceil(most / step - 1e-9))
    ticks = (Int(first)...Int(last)).map { Double($0) * step }
    (lower, upper) = (first * step, last * step)
    decimals = max(0, -Int(floor(log10(step) + 1e-9)))
  }

  /// From 0 at the lower end to 1 at the upper.
  func share(_ value: Double) -> Double { (value - lower) / (upper - lower) }

  func label(_ tick: Double) -> String { NumberFormat.fixed(decimals).text(tick) }
}

/// A rectangle of a drawing with two scales.
struct Panel {
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let x: Axis
  let y: Axis

  func point(_ horizontal: Double, _ vertical: Double) -> (Double, Double) {
    (left + x.share(horizontal) * width, top + (1 - y.share(vertical)) * height)
  }

  func drawFrame(_ svg: inout SVG, title: String, drawsX: Bool = true, xTitle: String = "") {
    for tick in y.ticks {
      let height = point(x.lower, tick).1
      svg.line(left, height, left + width, height, faint: true)
      svg.text(y.label(tick), left - 6, height + 4, anchor: .end)
    }
    svg.line(left, top + height, left + width, top + height)
    svg.text(title, left, top - 10, size: 12)
    guard drawsX else { return }
    for tick in x.ticks { svg.text(x.label(tick), point(tick, y.lower).0, top + height + 16, anchor: .middle) }
    svg.text(xTitle, left + width / 2, top + height + 32, anchor: .middle)
  }
}

extension SVG {
  /// One legend for the whole figure: dash and marker beside each name, in rows that fit.
  mutating func legend(_ names: [String], left: Double, top: Double, width: Double, dashed: Bool) {
    var (x, y) = (left, top)
    for (index, name) in names.enumerated() {
      let space = 46 + Double(name.count) * 6.6
      if x + space > left + width && x > left { (x, y) = (left, y + 18) }
      let style = SeriesStyle(index)
      if dashed { polyline([(x, y - 4), (x + 26, y - 4)], style) }
      marker(style, x + 13, y - 4)
      text(name, x + 32, y)
      x += space
    }
  }

  static func legendRows(_ names: [String], width: Double) -> Int {
    var (rows, x) = (1, 0.0)
    for name in names {
      let space = 46 + Double(name.count) * 6.6
      if x + space > width && x > 0 { (rows, x) = (rows + 1, 0) }
      x += space
    }
    return rows
  }
}
