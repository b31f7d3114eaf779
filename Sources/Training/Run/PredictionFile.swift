import Compute
import Foundation
import Volumes

extension NIfTI {
  /// Classes on an image's own grid (D, H, W) as a mask in the image's geometry, with the label map's numbers.
  package static func write(_ classes: Grid3<UInt8>, map: LabelMap, geometry: Geometry, to file: URL) throws(NIfTIError)
  {
    let values = geometry.axes.file(from: classes, shape: geometry.shape)
    let numbers = [0] + map.structures.map(\.value)
    switch numbers.max() ?? 0 {
    case ...255: try write(values.map { UInt8(numbers[Int($0)]) }, geometry: geometry, to: file)
    case ...Int(Int16.max): try write(values.map { Int16(numbers[Int($0)]) }, geometry: geometry, to: file)
    // `LabelMap.numbers` ends where 32 bits do.
    default: try write(values.map { Int32(numbers[Int($0)]) }, geometry: geometry, to: file)
    }
  }

  /// A label map of the prepared grid as a small compressed volume: class indices, axes by their meaning (W front to
  /// back runs fastest, then H head to foot, then D left to right), so that reading turns it back to D, H, W.
  package static func write(preparedGrid grid: Grid3<UInt8>, spacing: SIMD3<Double>, to file: URL) throws {
    let shape = [grid.extent.width, grid.extent.height, grid.extent.depth]
    // Patient coordinates grow to the right, the front and the head.
    let affine = Affine(rows: [
      [0, 0, spacing.x, 0],
      [-spacing.z, 0, 0, 0],
      [0, -spacing.y, 0, 0],
    ])
    try write(grid.values, geometry: Geometry(shape: shape, affine: affine), to: file)
  }
}
