/// Three whole numbers for the axes of a volume: D (left to right), H (head to foot), W (front to back).
package struct Extent3: Hashable, Codable, Sendable, CustomStringConvertible, ExpressibleByIntegerLiteral {
  /// D: slices, the axis along which nothing is halved.
  package var depth: Int
  /// H: rows of a slice.
  package var height: Int
  /// W: columns of a slice, the axis that lies together in memory.
  package var width: Int

  /// In the order of memory, the slowest axis first.
  package init(_ depth: Int, _ height: Int, _ width: Int) {
    (self.depth, self.height, self.width) = (depth, height, width)
  }

  /// The same number on every axis, so that `kernel: 3` reads as in a paper.
  package init(integerLiteral value: Int) { self.init(value, value, value) }

  /// `D · H · W`: how many voxels.
  package var count: Int { depth * height * width }
  /// `18x256x128`.
  package var description: String { "\(depth)x\(height)x\(width)" }

  /// JSON form: `[depth, height, width]`.
  package init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    self.init(try values.decode(Int.self), try values.decode(Int.self), try values.decode(Int.self))
    guard values.isAtEnd else {
      throw DecodingError.dataCorruptedError(in: values, debugDescription: "expected three numbers [D, H, W]")
    }
  }

  /// `[D, H, W]`.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    for value in [depth, height, width] { try values.encode(value) }
  }
}
