import Compute
import Foundation

extension AugmentationDraw {
  /// The changed case, all its channels moved alike: rotation, scaling and deformation in one sampling, then the values in
  /// nnU-Net's order (noise, blur, brightness, shift, contrast, low resolution, gamma), then mirroring. Outside the picture
  /// is 0 (the mean of a normalised image) and background.
  package func applied(to one: PreparedCase) -> PreparedCase {
    var changed = one
    if angle != nil || elastic != nil || further.scale != nil {
      let sources = sources(extent: one.image.extent, spacing: one.spacing)
      changed.image = Self.linear(one.image, at: sources)
      changed.further = one.further.map { Self.linear($0, at: sources) }
      changed.labels = Self.nearest(one.labels, at: sources)
      changed.present = Self.present(in: changed.labels, structures: one.present.count)
    }
    changed.image = further.beforeContrast(changed.image)
    if let contrast { changed.image = Self.stretched(changed.image, by: contrast) }
    changed.image = further.afterContrast(changed.image)
    for (index, own) in zip(changed.further.indices, channels) {
      var image = own.changes.beforeContrast(changed.further[index])
      if let contrast = own.contrast { image = Self.stretched(image, by: contrast) }
      changed.further[index] = own.changes.afterContrast(image)
    }
    if further.isMirrored { changed.further = changed.further.map(\.mirrored) }
    if further.isMirrored { (changed.image, changed.labels) = (changed.image.mirrored, changed.labels.mirrored) }
    return changed
  }

  /// For each voxel of a slice, the position (h, w) in the old slice that it shows:
  /// `scale · R(−angle) · (p − centre) + centre + u(p)` in mm, so that rotation keeps angles where voxels are not square.
  package func sources(extent: Extent3, spacing: SIMD3<Double>) -> [SIMD2<Double>] {
    let step = SIMD2(spacing.y, spacing.z)
    let centre = SIMD2(Double(extent.height - 1), Double(extent.width - 1)) * step / 2
    let (sine, cosine) = (sin(angle ?? 0), cos(angle ?? 0))
    let scale = further.scale ?? 1
    var result: [SIMD2<Double>] = []
    result.reserveCapacity(extent.height * extent.width)
    for h in 0..<extent.height {
      for w in 0..<extent.width {
        let point = SIMD2(Double(h), Double(w)) * step
        let arm = point - centre
        let turned = SIMD2(cosine * arm.x + sine * arm.y, -sine * arm.x + cosine * arm.y)
        let moved = turned * scale + centre + (elastic?.displacement(at: point) ?? SIMD2())
        result.append(moved / step)
      }
    }
    return result
  }

  private static func linear(_ image: Grid3<Float>, at sources: [SIMD2<Double>]) -> Grid3<Float> {
    let extent = image.extent
    var result = image
    image.values.withUnsafeBufferPointer { old in
      result.values.withUnsafeMutableBufferPointer { new in
        for (position, source) in sources.enumerated() {
          let (offsets, weights) = taps(source, height: extent.height, width: extent.width)
          for d in 0..<extent.depth {
            let slice = d * sources.count
            let upper = old[slice + offsets[0]] * weights[0] + old[slice + offsets[1]] * weights[1]
            let lower = old[slice + offsets[2]] * weights[2] + old[slice + offsets[3]] * weights[3]
            new[slice + position] = upper + lower
          }
        }
      }
    }
    return result
  }

  /// The four voxels around a position in a slice and their weights; a voxel outside the slice weighs nothing.
  private static func taps(
    _ source: SIMD2<Double>, height: Int, width: Int
  ) -> (offsets: SIMD4<Int>, weights: SIMD4<Float>) {
    let (y, x) = (source.x.rounded(.down), source.y.rounded(.down))
    let (h, w) = (Int(y), Int(x))
    let (down, across) = (Float(source.x - y), Float(source.y - x))
    var offsets = SIMD4(h, h, h + 1, h + 1) &* width &+ SIMD4(w, w + 1, w, w + 1)
    var weights = SIMD4<Float>(1 - down, 1 - down, down, down) * SIMD4(1 - across, across, 1 - across, across)
    for tap in 0..<4 {
      let (row, column) = (h + tap / 2, w + tap % 2)
      guard row < 0 || row >= height || column < 0 || column >= width else { continue }
      (offsets[tap], weights[tap]) = (0, 0)
    }
    return (offsets, weights)
  }

  private static func nearest(_ labels: Grid3<UInt8>, at sources: [SIMD2<Double>]) -> Grid3<UInt8> {
    let (height, width) = (labels.extent.height, labels.extent.width)
    var result = Grid3<UInt8>(labels.extent, repeating: 0)
    for (position, source) in sources.enumerated() {
      let (h, w) = (Int((source.x + 0.5).rounded(.down)), Int((source.y + 0.5).rounded(.down)))
      guard h >= 0, h < height, w >= 0, w < width else { continue }
      for d in 0..<labels.extent.depth {
        let slice = d * height * width
        result.values[slice + position] = labels.values[slice + h * width + w]
      }
    }
    return result
  }

  private static func present(in labels: Grid3<UInt8>, structures: Int) -> [Bool] {
    var found = [Bool](repeating: false, count: structures + 1)
    for value in labels.values where Int(value) < found.count { found[Int(value)] = true }
    return Array(found.dropFirst())
  }

  private static func stretched(_ image: Grid3<Float>, by factor: Double) -> Grid3<Float> {
    let mean = Float(image.values.reduce(0.0) { $0 + Double($1) } / Double(image.values.count))
    var result = image
    for index in result.values.indices {
      result.values[index] = mean + Float(factor) * (result.values[index] - mean)
    }
    return result
  }
}
