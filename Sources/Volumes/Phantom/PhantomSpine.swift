import Foundation

/// The spine of a patient as a curve through its vertebrae and discs, in mm of the picture's plane
/// (y down from the upper edge, x back from the front edge).
///
/// `s` counts along the curve, upwards from the lower face of the L5/S disc; `t` counts backwards from the curve.
struct PhantomSpine {
  /// A vertebra or disc between two positions along the curve.
  struct Level {
    var name: String
    var isDisc: Bool
    var lower: Double
    var upper: Double
  }

  /// Average heights from L5/S upwards; lumbar discs are thick, thoracic ones thin (typical adult values, mm).
  private static let heights: [(name: String, millimetres: Double)] = [
    ("L5/S", 10), ("L5", 28), ("L4/L5", 11), ("L4", 28), ("L3/L4", 10.5), ("L3", 28), ("L2/L3", 9.5), ("L2", 27),
    ("L1/L2", 8.5), ("L1", 26.5), ("T12/L1", 7), ("T12", 25), ("T11/T12", 6), ("T11", 23.5), ("T10/T11", 5.5),
    ("T10", 22.5), ("T9/T10", 5), ("T9", 21.5), ("T8/T9", 5), ("T8", 21), ("T7/T8", 5), ("T7", 20.5),
  ]
  private static let sacrumLength = 105.0

  let levels: [Level]
  /// The patient's size: the spine is scaled so that the picture ends where the patient's cut is.
  let scale: Double
  private let points: [SIMD2<Double>]
  private let tangents: [SIMD2<Double>]
  private let firstPosition: Double

  init(_ patient: PhantomPatient) {
    let unscaled = Self.stack(scale: 1, discHealth: patient.discHealth)
    let cut = unscaled.first { $0.name == patient.cut.level }!
    let length = cut.lower + patient.cut.visible * (cut.upper - cut.lower)
    // The curve is longer than the picture is high, by about the cosine of its slopes.
    let path = (patient.fieldOfView.x - patient.sacrum * 0.88) * (1 + patient.lordosis * patient.lordosis / 5)
    scale = path / length
    levels = Self.stack(scale: scale, discHealth: patient.discHealth)
    (points, tangents, firstPosition) = Self.curve(patient, scale: scale, top: levels.last!.upper, cut: length * scale)
  }

  private static func stack(scale: Double, discHealth: [Double]) -> [Level] {
    var levels = [Level(name: "S", isDisc: false, lower: -sacrumLength * scale, upper: 0)]
    for (index, part) in heights.enumerated() {
      let isDisc = index.isMultiple(of: 2)
      let shrink = isDisc ? 0.7 + 0.3 * discHealth[index / 2] : 1
      let lower = levels.last!.upper
      levels.append(
        Level(name: part.name, isDisc: isDisc, lower: lower, upper: lower + part.millimetres * shrink * scale))
    }
    return levels
  }

  /// Follows the curve in steps of 1 mm, then moves it so that the cut is at the upper edge and the spine in the
  /// middle of the picture.
  private static func curve(
    _ patient: PhantomPatient, scale: Double, top: Double, cut: Double
  ) -> (points: [SIMD2<Double>], tangents: [SIMD2<Double>], first: Double) {
    let first = -sacrumLength * scale - 30
    let steps = Int(top - first) + 1
    var point = SIMD2<Double>()
    var points: [SIMD2<Double>] = []
    var tangents: [SIMD2<Double>] = []
    for step in 0..<steps {
      let angle = slope(at: first + Double(step), patient, scale: scale)
      let tangent = SIMD2(-cos(angle), -sin(angle))
      points.append(point)
      tangents.append(tangent)
      point += tangent
    }
    let atCut = points[min(Int(cut - first), steps - 1)]
    let visible = points.filter { $0.x > atCut.x && $0.x < atCut.x + patient.fieldOfView.x }
    let middle = visible.reduce(0) { $0 + $1.y } / Double(visible.count)
    let shift = SIMD2(-atCut.x, patient.fieldOfView.y / 2 - middle + patient.offset.y)
    return (points.map { $0 + shift }, tangents, first)
  }

  /// How far the curve, going up, leans to the front, in radians: the sacrum steeply, then lordosis, then kyphosis.
  private static func slope(at s: Double, _ patient: PhantomPatient, scale: Double) -> Double {
    let whole = 290 * scale
    if s >= 0 { return patient.lordosis * cos(.pi * min(s / (0.85 * whole), 1.2)) + patient.lean }
    let down = min(-s / (sacrumLength * scale), 1)
    return patient.lordosis + patient.lean + 0.55 * sin(.pi * 0.75 * down)
  }

  /// A point of the picture in the curve's coordinates.
  struct Place {
    var s: Double
    var t: Double
  }

  /// The nearest place on the curve: from the point of equal height outwards, until height alone is farther.
  func place(of point: SIMD2<Double>) -> Place {
    let start = index(atHeight: point.x)
    var best = (index: start, distance: Double.infinity)
    func visit(_ index: Int) -> Bool {
      let difference = point - points[index]
      guard difference.x * difference.x < best.distance else { return false }
      let distance = (difference * difference).sum()
      if distance < best.distance { best = (index, distance) }
      return true
    }
    var (up, down) = (start, start - 1)
    while up < points.count, visit(up) { up += 1 }
    while down >= 0, visit(down) { down -= 1 }
    let (tangent, difference) = (tangents[best.index], point - points[best.index])
    // Backwards is to the right of upwards.
    let normal = SIMD2(tangent.y, -tangent.x)
    return Place(s: firstPosition + Double(best.index) + (difference * tangent).sum(), t: (difference * normal).sum())
  }

  /// The first point of the curve that is not below y: the curve never turns downwards, so halving finds it.
  private func index(atHeight y: Double) -> Int {
    var (low, high) = (0, points.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].x > y { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How far back the curve is at a height, averaged over ±70 mm: the line that the skin of the back follows.
  func smoothedBack(atHeight y: Double) -> Double {
    let nearby = stride(from: -70.0, through: 70, by: 10).map { points[index(atHeight: y + $0)].y }
    return nearby.reduce(0, +) / Double(nearby.count)
  }

  /// The point of the picture at a position along the curve.
  func point(at s: Double) -> SIMD2<Double> { points[min(max(Int(s - firstPosition), 0), points.count - 1)] }

  /// Half the depth (front to back) and half the width (side to side) of the bodies, in mm.
  func halfSides(at s: Double) -> SIMD2<Double> {
    let along = s / scale
    if along < 0 {
      let taper = 1 - 0.68 * min(-along / Self.sacrumLength, 1)
      return SIMD2(16.5, 25) * (scale * taper)
    }
    let taper = max(1 - along / 1100, 0.6)
    return SIMD2(17.5 * taper, 24 * (1 - along / 850)) * scale
  }
}
