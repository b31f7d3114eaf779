import Compute

/// The exact squared Euclidean distance, in mm², from every voxel's centre to the nearest marked voxel's centre.
///
///     d²(x) = min { Σₐ (spacingₐ (xₐ − yₐ))² : y marked }
///
/// One pass per axis takes the lower envelope of the parabolas that stand on a line (Felzenszwalb and Huttenlocher,
/// *Distance transforms of sampled functions*, 2012), so time grows linearly with the number of voxels.
/// Infinite everywhere when nothing is marked.
package func squaredDistances(to marked: Grid3<Bool>, spacing: SIMD3<Double>) -> Grid3<Double> {
  precondition(spacing.min() > 0, "voxels have positive sides, not \(spacing) mm")
  let extent = marked.extent
  var distances = Grid3(extent, values: marked.values.map { $0 ? 0 : Double.infinity })
  var envelope = LowerEnvelope(capacity: max(extent.depth, extent.height, extent.width))
  let plane = extent.height * extent.width
  distances.values.withUnsafeMutableBufferPointer { values in
    guard let base = values.baseAddress else { return }
    for row in 0..<(extent.depth * extent.height) {
      envelope.transform(base + row * extent.width, count: extent.width, stride: 1, spacing: spacing.z)
    }
    for d in 0..<extent.depth {
      for w in 0..<extent.width {
        envelope.transform(base + d * plane + w, count: extent.height, stride: extent.width, spacing: spacing.y)
      }
    }
    for voxel in 0..<plane {
      envelope.transform(base + voxel, count: extent.depth, stride: plane, spacing: spacing.x)
    }
  }
  return distances
}

/// Scratch memory for one line: heights of the parabolas, and which of them form the envelope from where on.
private struct LowerEnvelope {
  var heights: [Double]
  var apexes: [Int]
  var starts: [Double]

  init(capacity: Int) {
    heights = Array(repeating: 0, count: capacity)
    apexes = Array(repeating: 0, count: capacity)
    starts = Array(repeating: 0, count: capacity)
  }

  /// `line[p] ← min over q of line[q] + (spacing (p − q))²`, in place.
  mutating func transform(_ line: UnsafeMutablePointer<Double>, count: Int, stride: Int, spacing: Double) {
    let curvature = spacing * spacing
    let parabolas = build(line, count: count, stride: stride, curvature: curvature)
    guard parabolas > 0 else { return }
    var current = 0
    for p in 0..<count {
      while current + 1 < parabolas && starts[current + 1] < Double(p) { current += 1 }
      let steps = Double(p - apexes[current])
      line[p * stride] = heights[apexes[current]] + curvature * steps * steps
    }
  }

  private mutating func build(
    _ line: UnsafeMutablePointer<Double>, count: Int, stride: Int, curvature: Double
  ) -> Int {
    var parabolas = 0
    for q in 0..<count {
      heights[q] = line[q * stride]
      guard heights[q] < .infinity else { continue }
      var start = -Double.infinity
      while parabolas > 0 {
        start = crossing(apexes[parabolas - 1], q, curvature: curvature)
        if start > starts[parabolas - 1] { break }
        parabolas -= 1
      }
      apexes[parabolas] = q
      starts[parabolas] = parabolas == 0 ? -.infinity : start
      parabolas += 1
    }
    return parabolas
  }

  /// Where the parabola on `q` begins to lie below the one on `v` (`v < q`), in voxels.
  private func crossing(_ v: Int, _ q: Int, curvature: Double) -> Double {
    let (left, right) = (Double(v), Double(q))
    return ((heights[q] - heights[v]) / curvature + right * right - left * left) / (2 * (right - left))
  }
}
