import Foundation
import Text

/// A linear scale with round ticks.
package struct Axis {
  package let lower: Double
  package let upper: Double
  package let ticks: [Double]
  private let decimals: Int

  /// Covers the values with a step of 1, 2 or 5 times a power of ten.
  package init(covering values: [Double], about count: Int = 5) {
    let least = values.min() ?? 0
    let most = values.max() ?? 1
    let reach = max(abs(most), abs(least), 1e-300)
    // What double precision cannot part, and numbers too small for it, are one value.
    let span = most - least > reach * 1e-12 ? most - least : max(abs(most), 1)
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

  /// In full, or with a power of ten where that would be longer than its place.
  package func label(_ tick: Double) -> String {
    let text = NumberFormat.fixed(decimals).text(tick)
    return text.count <= 7 ? text : tick.significant(3)
  }
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
