import Compute

/// Resampling of one axis from `count` to `resampled` voxels over the same field of view, aligned at voxel centres:
/// voxel i lies at `(i + ½) · count / resampled − ½` of the old axis (PyTorch's `align_corners=False`).
struct AxisResampling {
  let count: Int
  let resampled: Int

  init(_ count: Int, to resampled: Int) {
    precondition(count > 0 && resampled > 0, "an axis of \(count) cannot become one of \(resampled)")
    (self.count, self.resampled) = (count, resampled)
  }

  /// For each new voxel its two neighbours and the second one's weight; outside the centres the edge voxel holds.
  var linear: [(lower: Int, upper: Int, weight: Double)] {
    (0..<resampled).map { index in
      let position = max((Double(index) + 0.5) * Double(count) / Double(resampled) - 0.5, 0)
      let lower = min(Int(position), count - 1)
      return (lower, min(lower + 1, count - 1), position - Double(lower))
    }
  }

  /// For each new voxel the old one that it lies in (PyTorch's `nearest-exact`), in whole numbers: no rounding.
  var nearest: [Int] {
    (0..<resampled).map { min((2 * $0 + 1) * count / (2 * resampled), count - 1) }
  }
}

extension Grid3 where Element == Double {
  /// Trilinear, one axis after the other.
  func resampledLinearly(to target: Extent3) -> Grid3<Double> {
    alongWidth(target.width).alongHeight(target.height).alongDepth(target.depth)
  }

  private func alongWidth(_ width: Int) -> Grid3<Double> {
    guard width != extent.width else { return self }
    let taps = AxisResampling(extent.width, to: width).linear
    var result = Grid3(Extent3(extent.depth, extent.height, width), repeating: 0.0)
    for row in 0..<(extent.depth * extent.height) {
      let (from, to) = (row * extent.width, row * width)
      for (w, tap) in taps.enumerated() {
        let lower = values[from + tap.lower]
        result.values[to + w] = lower + (values[from + tap.upper] - lower) * tap.weight
      }
    }
    return result
  }

  private func alongHeight(_ height: Int) -> Grid3<Double> {
    mixingBlocks(outer: extent.depth, count: extent.height, to: height, block: extent.width)
      .map { Grid3(Extent3(extent.depth, height, extent.width), values: $0) } ?? self
  }

  private func alongDepth(_ depth: Int) -> Grid3<Double> {
    mixingBlocks(outer: 1, count: extent.depth, to: depth, block: extent.height * extent.width)
      .map { Grid3(Extent3(depth, extent.height, extent.width), values: $0) } ?? self
  }

  /// Each of `outer` runs of `count` blocks becomes `resampled` blocks; nil when nothing changes.
  private func mixingBlocks(outer: Int, count: Int, to resampled: Int, block: Int) -> [Double]? {
    guard resampled != count else { return nil }
    let taps = AxisResampling(count, to: resampled).linear
    var result = [Double](repeating: 0, count: outer * resampled * block)
    for run in 0..<outer {
      for (index, tap) in taps.enumerated() {
        let lower = (run * count + tap.lower) * block
        let upper = (run * count + tap.upper) * block
        let to = (run * resampled + index) * block
        for i in 0..<block {
          result[to + i] = values[lower + i] + (values[upper + i] - values[lower + i]) * tap.weight
        }
      }
    }
    return result
  }
}

extension Grid3 {
  /// Nearest voxel on each axis.
  func resampledNearest(to target: Extent3) -> Grid3 {
    guard target != extent else { return self }
    let depths = AxisResampling(extent.depth, to: target.depth).nearest
    let heights = AxisResampling(extent.height, to: target.height).nearest
    let widths = AxisResampling(extent.width, to: target.width).nearest
    var result: [Element] = []
    result.reserveCapacity(target.count)
    for d in depths {
      for h in heights {
        let row = (d * extent.height + h) * extent.width
        for w in widths { result.append(values[row + w]) }
      }
    }
    return Grid3(target, values: result)
  }

  /// The voxels of a box.
  func cropped(to box: Box) -> Grid3 {
    guard box.extent != extent else { return self }
    var result: [Element] = []
    result.reserveCapacity(box.extent.count)
    for d in 0..<box.extent.depth {
      for h in 0..<box.extent.height {
        let start = ((box.depth + d) * extent.height + box.height + h) * extent.width + box.width
        result += values[start..<(start + box.extent.width)]
      }
    }
    return Grid3(box.extent, values: result)
  }

  /// Slices of `filler` before and after.
  func padded(before: Int, toDepth depth: Int, with filler: Element) -> Grid3 {
    let slice = extent.height * extent.width
    let head = Array(repeating: filler, count: before * slice)
    let tail = Array(repeating: filler, count: (depth - before - extent.depth) * slice)
    return Grid3(Extent3(depth, extent.height, extent.width), values: head + values + tail)
  }
}

/// A part of a volume: its first voxel and its sides.
package struct Box: Hashable, Sendable {
  package var depth: Int
  package var height: Int
  package var width: Int
  package var extent: Extent3

  package init(depth: Int, height: Int, width: Int, extent: Extent3) {
    (self.depth, self.height, self.width, self.extent) = (depth, height, width, extent)
  }
}
