import Compute
import Foundation

/// A picture in 4 x 8 x 8 means, relative to their own mean and standard deviation: about the same for copies that differ
/// by noise, by the scale or type of their values or by resolution, and mirrored for mirrored ones.
package struct ImagePattern: Hashable, Sendable {
  private static let extent = Extent3(4, 8, 8)
  /// Twenty-five steps for each standard deviation, five of which are enough.
  private static let steps = 25.0
  private var codes: [UInt8]

  /// Nil for an even image.
  package init?(_ image: Grid3<Double>) {
    let means = Self.means(image)
    let mean = means.reduce(0, +) / Double(means.count)
    let deviation = (means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count)).squareRoot()
    guard deviation.isFinite, deviation > 0 else { return nil }
    codes = means.map { UInt8(min(max(((($0 - mean) / deviation) * Self.steps).rounded() + 128, 0), 255)) }
  }

  /// The means of equal parts of the image; a voxel on the border of two is divided, so that a mirror image has the
  /// mirrored means.
  private static func means(_ image: Grid3<Double>) -> [Double] {
    let (depths, heights, widths) = (
      parts(image.extent.depth, extent.depth), parts(image.extent.height, extent.height),
      parts(image.extent.width, extent.width)
    )
    var sums = [Double](repeating: 0, count: extent.count)
    var row = [Double](repeating: 0, count: extent.width)
    image.values.withUnsafeBufferPointer { values in
      var position = 0
      for depth in depths {
        for height in heights {
          for index in row.indices { row[index] = 0 }
          for width in widths {
            let value = values[position]
            position += 1
            for part in width { row[part.cell] += part.share * value }
          }
          for (d, h) in depth.flatMap({ d in height.map { (d, $0) } }) {
            let start = (d.cell * extent.height + h.cell) * extent.width
            for index in row.indices { sums[start + index] += d.share * h.share * row[index] }
          }
        }
      }
    }
    return sums
  }

  /// For each index of an axis, the cells it lies in, with the share of the cell that it fills.
  private static func parts(_ length: Int, _ cells: Int) -> [[(cell: Int, share: Double)]] {
    // In units of 1 / (length · cells), so that borders are whole numbers.
    (0..<length).map { index in
      let (start, end) = (index * cells, (index + 1) * cells)
      return (start / length...(end - 1) / length).map { cell in
        let overlap = min(end, (cell + 1) * length) - max(start, cell * length)
        return (cell, Double(overlap) / Double(length))
      }
    }
  }
}

// MARK: Compared

extension ImagePattern {
  /// As it is compared with many others.
  struct Comparable {
    /// Of mean 0 and mean square 1.
    fileprivate let values: [Double]
    /// What is left beside the mean of the neighbours in plane: what one patient has, and not a field of view.
    fileprivate let details: [Double]
    /// Sums that no mirror changes.
    private let sums: [Double]

    init(_ pattern: ImagePattern) {
      let values = Self.normalised(pattern.codes.map { Double($0) - 128 })
      self.values = values
      details = Self.normalised(Self.details(values))
      let extent = ImagePattern.extent
      let octant = (0..<extent.count).filter { position in
        ImagePattern.mirrors.allSatisfy { position <= $0[position] }
      }
      sums = octant.map { position in
        Set(ImagePattern.mirrors.map { $0[position] }).sorted().reduce(0) { $0 + values[$1] }
      }
    }

    /// A number that copies nearly share and others do not; `kind` chooses one of several.
    func projection(_ kind: Int) -> Double {
      sums.enumerated().reduce(0) { total, sum in
        total + ((sum.offset &* 0x9E37 &+ kind &* 0x85EB) >> 5 & 1 == 1 ? sum.element : -sum.element)
      }
    }

    /// Whether values and details both correlate by so much with those of the other one or of a mirror image of it.
    func isLike(_ other: Comparable, correlation: Double) -> Bool {
      let apart = zip(sums, other.sums).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let count = Double(values.count)
      // Each is a sum of eight values at most, whose differences have the mean square 2 (1 - correlation).
      guard apart <= 8 * 2 * (1 - correlation) * count else { return false }
      return ImagePattern.mirrors.contains { mirror in
        var (whole, detail) = (0.0, 0.0)
        for (position, mirrored) in mirror.enumerated() {
          whole += values[position] * other.values[mirrored]
          detail += details[position] * other.details[mirrored]
        }
        return min(whole, detail) >= correlation * count
      }
    }

    private static func normalised(_ values: [Double]) -> [Double] {
      let mean = values.reduce(0, +) / Double(values.count)
      let size = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
      return values.map { size > 0 ? ($0 - mean) / size : 0 }
    }

    private static func details(_ values: [Double]) -> [Double] {
      let extent = ImagePattern.extent
      func near(_ place: Int, _ side: Int) -> [Int] { (-1...1).map { min(max(place + $0, 0), side - 1) } }
      return values.indices.map { position in
        let (w, h, d) = (
          position % extent.width, position / extent.width % extent.height, position / extent.width / extent.height
        )
        let around = near(h, extent.height).flatMap { row in
          near(w, extent.width).map { values[(d * extent.height + row) * extent.width + $0] }
        }
        return values[position] - around.reduce(0, +) / 9
      }
    }
  }

  /// For each of the eight ways to mirror a picture, where each value comes from.
  fileprivate static let mirrors: [[Int]] = (0..<8).map { way in
    func turned(_ place: Int, _ side: Int, _ bit: Int) -> Int { way >> bit & 1 == 1 ? side - 1 - place : place }
    return (0..<extent.depth).flatMap { d in
      (0..<extent.height).flatMap { h in
        (0..<extent.width).map { w in
          (turned(d, extent.depth, 0) * extent.height + turned(h, extent.height, 1)) * extent.width
            + turned(w, extent.width, 2)
        }
      }
    }
  }
}

// MARK: Stored

/// As one text: a dataset has many of them.
extension ImagePattern: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    codes = [UInt8](try container.decode(Data.self))
    guard codes.count == Self.extent.count else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(codes.count) means")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Data(codes))
  }
}
