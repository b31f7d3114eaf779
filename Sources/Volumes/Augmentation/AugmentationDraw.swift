import Compute
import Foundation

/// What chance decided for one case in one epoch: applying it is a pure function.
package struct AugmentationDraw: Sendable, Equatable {
  /// Radians; positive turns the picture from front towards head.
  package var angle: Double?
  /// Factor on the difference from the mean.
  package var contrast: Double?
  package var elastic: ElasticField?
  /// The changes besides the paper's three.
  package var further: FurtherDraw
  /// What becomes of the values of the channels besides the first.
  package var channels: [Channel] = []

  /// Changes of one channel's values; of `changes` those that move nothing.
  package struct Channel: Sendable, Equatable {
    package var contrast: Double?
    package var changes = FurtherDraw()

    package init() {}
  }

  package init(
    angle: Double? = nil, contrast: Double? = nil, elastic: ElasticField? = nil, further: FurtherDraw = FurtherDraw()
  ) {
    (self.angle, self.contrast, self.elastic, self.further) = (angle, contrast, elastic, further)
  }
}

/// Smooth in-plane displacements in mm: uniform cubic B-splines over control points.
///
/// The basis functions are positive and add up to 1, so no displacement exceeds the largest coefficient; the slope
/// along an axis is at most 2 · largest / spacing, so below largest = spacing / 4 the map cannot fold.
package struct ElasticField: Sendable, Equatable {
  /// Millimetres between control points.
  package var spacing: Double
  /// Control points along H and W.
  package var rows: Int
  package var columns: Int
  /// Displacements (along H, along W) of the control points, row by row.
  package var coefficients: [SIMD2<Double>]

  /// - Parameter size: height and width of the slice in mm, which the control points cover with one to spare.
  package init(spacing: Double, size: SIMD2<Double>, largest: Double, stream: inout RandomStream) {
    self.spacing = spacing
    rows = Int(size.x / spacing) + 4
    columns = Int(size.y / spacing) + 4
    let range = Float(-largest)...Float(largest)
    coefficients = (0..<(rows * columns)).map { _ in
      SIMD2(Double(stream.nextUniform(in: range)), Double(stream.nextUniform(in: range)))
    }
  }

  package init(spacing: Double, rows: Int, columns: Int, coefficients: [SIMD2<Double>]) {
    precondition(coefficients.count == rows * columns, "\(coefficients.count) coefficients for \(rows)x\(columns)")
    (self.spacing, self.rows, self.columns, self.coefficients) = (spacing, rows, columns, coefficients)
  }

  /// The displacement at a point given in mm from the first voxel's centre.
  package func displacement(at point: SIMD2<Double>) -> SIMD2<Double> {
    let (row, down) = Self.basis(point.x / spacing)
    let (column, across) = Self.basis(point.y / spacing)
    var sum = SIMD2<Double>()
    for i in 0..<4 {
      for j in 0..<4 {
        sum += coefficients[(row + i) * columns + column + j] * (down[i] * across[j])
      }
    }
    return sum
  }

  /// The first of four control points around a position, and their cubic weights.
  private static func basis(_ position: Double) -> (first: Int, weights: SIMD4<Double>) {
    let first = Int(position)
    let t = position - Double(first)
    let r = 1 - t
    return (
      first,
      SIMD4(r * r * r, 3 * t * t * t - 6 * t * t + 4, 3 * r * r * r - 6 * r * r + 4, t * t * t) / 6
    )
  }
}

extension Augmentation {
  /// Draws every number in the same order whatever the probabilities, so that switching one step off leaves the
  /// others' draws as they were.
  package func draw(
    extent: Extent3, spacing: SIMD3<Double>, channels: Int = 1, stream: inout RandomStream
  ) -> AugmentationDraw {
    precondition(problems.isEmpty, "augmentation out of range: \(problems)")
    func happens(_ probability: Double) -> Bool { Double(stream.nextUniform()) < probability }
    let (rotates, changesContrast, deforms) = (
      happens(rotation.probability), happens(contrast.probability), happens(elastic.probability)
    )
    let degrees = Double(stream.nextUniform(in: Float(-rotation.degrees)...Float(rotation.degrees)))
    let factor = Double(stream.nextUniform(in: Float(contrast.lower)...Float(contrast.upper)))
    let size = SIMD2(Double(extent.height - 1) * spacing.y, Double(extent.width - 1) * spacing.z)
    let field =
      deforms
      ? ElasticField(
        spacing: elastic.controlSpacing, size: size, largest: elastic.millimetres, stream: &stream) : nil
    var draw = AugmentationDraw(
      angle: rotates ? degrees * .pi / 180 : nil, contrast: changesContrast ? factor : nil, elastic: field,
      further: furtherDraw(stream))
    draw.channels = (1..<max(channels, 1)).map { channelDraw($0, beside: draw, stream) }
    return draw
  }

  /// The case as this stream changes it.
  package func applied(to one: PreparedCase, stream: RandomStream) -> PreparedCase {
    var stream = stream
    return draw(
      extent: one.image.extent, spacing: one.spacing, channels: one.channels.count, stream: &stream
    ).applied(to: one)
  }
}
