import Compute
import Foundation

/// Changes of an image's values, each a pure function; sums in double and in the order of the voxels.
extension Grid3 where Element == Float {
  /// Every value times `factor` plus `shift`.
  package func brightened(by factor: Double = 1, shift: Double = 0) -> Grid3 {
    mapped { Float(Double($0) * factor + shift) }
  }

  /// Plus normal numbers of that standard deviation.
  package func noisy(deviation: Double, stream: RandomStream) -> Grid3 {
    var (stream, result) = (stream, self)
    for index in stride(from: 0, to: values.count, by: 2) {
      let (one, other) = stream.nextNormalPair()
      result.values[index] += Float(deviation * one)
      if index + 1 < values.count { result.values[index + 1] += Float(deviation * other) }
    }
    return result
  }

  /// Mirrored at its borders and weighed along D, H and W by Gaussians of those standard deviations, cut off at about
  /// three of them as batchgeneratorsv2 does.
  package func blurred(by deviations: SIMD3<Double>) -> Grid3 {
    let strides = [extent.height * extent.width, extent.width, 1]
    let lengths = [extent.depth, extent.height, extent.width]
    return (0..<3).reduce(self) { image, axis in
      image.blurred(weights: Self.weights(deviations[axis]), stride: strides[axis], length: lengths[axis])
    }
  }

  private static func weights(_ deviation: Double) -> [Double] {
    let reach = Int(3 * deviation + 0.25)
    let bell = (-reach...reach).map { exp(-0.5 * (Double($0) / deviation) * (Double($0) / deviation)) }
    let sum = bell.reduce(0, +)
    return bell.map { $0 / sum }
  }

  private func blurred(weights: [Double], stride: Int, length: Int) -> Grid3 {
    let reach = weights.count / 2
    // For each position along the axis, how far its neighbours are: mirrored, the border itself not repeated.
    let steps = (0..<length).map { at in (-reach...reach).map { (Self.mirrored(at + $0, length) - at) * stride } }
    var result = self
    values.withUnsafeBufferPointer { old in
      for index in old.indices {
        let near = steps[index / stride % length]
        var sum = 0.0
        for tap in weights.indices { sum += weights[tap] * Double(old[index + near[tap]]) }
        result.values[index] = Float(sum)
      }
    }
    return result
  }

  private static func mirrored(_ position: Int, _ length: Int) -> Int {
    guard length > 1 else { return 0 }
    let period = 2 * (length - 1)
    let inside = ((position % period) + period) % period
    return inside < length ? inside : period - inside
  }

  /// In every slice: the nearest voxels of a grid of `factor` of the sides, resized linearly.
  package func coarsened(to factor: Double) -> Grid3 {
    let (rows, columns) = (
      Self.sources(extent.height, factor), Self.sources(extent.width, factor)
    )
    var result = self
    for d in 0..<extent.depth {
      for (h, row) in rows.enumerated() {
        for (w, column) in columns.enumerated() {
          func value(_ h: Int, _ w: Int) -> Double { Double(self[d, h, w]) }
          let upper =
            value(row.first, column.first) * (1 - column.share) + value(row.first, column.second) * column.share
          let lower =
            value(row.second, column.first) * (1 - column.share) + value(row.second, column.second) * column.share
          result[d, h, w] = Float(upper * (1 - row.share) + lower * row.share)
        }
      }
    }
    return result
  }

  /// For each position of a side, the two old positions whose values it mixes, and the second one's share.
  private static func sources(_ side: Int, _ factor: Double) -> [(first: Int, second: Int, share: Double)] {
    let small = max(1, Int((Double(side) * factor).rounded(.toNearestOrEven)))
    func kept(_ position: Int) -> Int { min(side - 1, Int((Double(position) + 0.5) * Double(side) / Double(small))) }
    return (0..<side).map { position in
      let at = max(0, (Double(position) + 0.5) * Double(small) / Double(side) - 0.5)
      let first = min(small - 1, Int(at))
      return (kept(first), kept(min(small - 1, first + 1)), at - Double(first))
    }
  }

  /// See `Augmentation.Gamma`; `negative` does it to the negative image.
  package func gammaChanged(_ exponent: Double, negative: Bool = false) -> Grid3 {
    let sign = negative ? -1.0 : 1.0
    let signed = values.map { sign * Double($0) }
    guard let least = signed.min(), let most = signed.max(), most > least else { return self }
    let bent = signed.map { pow(($0 - least) / (most - least), exponent) * (most - least) + least }
    let (before, after) = (Self.moments(signed), Self.moments(bent))
    let stretch = before.deviation / max(after.deviation, 1e-7)
    return Grid3(extent, values: bent.map { Float(sign * (($0 - after.mean) * stretch + before.mean)) })
  }

  /// The standard deviation is that of a sample, n - 1.
  private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(max(1, values.count - 1))).squareRoot())
  }

  private func mapped(_ change: (Float) -> Float) -> Grid3 { Grid3(extent, values: values.map(change)) }
}
