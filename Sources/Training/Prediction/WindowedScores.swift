import Compute
import Networks
import Volumes

/// Class scores of an image, `[K, D, H, W]`, put together from those of overlapping windows.
///
/// At every voxel the mean of the windows' scores, weighted as `Windows` says, is kept as a running mean in float32:
///
///     W ← W + w,   m ← m + (x - m) · w / W
///
/// so that windows that agree leave exactly what they say, at borders too, and one window alone is copied.
struct WindowedScores {
  private let windows: Windows
  private let classes: Int
  private let voxelWeights: Grid3<Float>
  /// Of the padded image.
  private var weights: [Float]
  private var scores: [Float]

  init(_ windows: Windows, classes: Int) {
    (self.windows, self.classes, voxelWeights) = (windows, classes, windows.weights)
    weights = Array(repeating: 0, count: windows.padded.count)
    scores = Array(repeating: 0, count: classes * windows.padded.count)
  }

  /// - Parameters:
  ///   - window: `[K, D, H, W]` of the patch.
  ///   - place: the window's first voxel in the padded image.
  mutating func add(_ window: [Float], at place: Offset3) {
    let (patch, padded) = (windows.patch, windows.padded)
    var shares = [Float](repeating: 0, count: patch.width)
    for d in 0..<patch.depth {
      for h in 0..<patch.height {
        let own = (d * patch.height + h) * patch.width
        let row = ((place.depth + d) * padded.height + place.height + h) * padded.width + place.width
        for w in 0..<patch.width {
          weights[row + w] += voxelWeights.values[own + w]
          shares[w] = voxelWeights.values[own + w] / weights[row + w]
        }
        for k in 0..<classes {
          blend(window, from: k * patch.count + own, into: k * padded.count + row, shares)
        }
      }
    }
  }

  private mutating func blend(_ window: [Float], from: Int, into: Int, _ shares: [Float]) {
    window.withUnsafeBufferPointer { window in
      shares.withUnsafeBufferPointer { shares in
        scores.withUnsafeMutableBufferPointer { scores in
          for w in shares.indices {
            scores[into + w] += (window[from + w] - scores[into + w]) * shares[w]
          }
        }
      }
    }
  }

  /// Of the image itself, without the padding.
  var ofImage: [Float] {
    guard windows.padded != windows.image else { return scores }
    let voxels = windows.padded.count
    return (0..<classes).flatMap { k in
      Grid3(windows.padded, values: Array(scores[k * voxels..<(k + 1) * voxels]))
        .part(from: windows.margin, windows.image, outside: 0).values
    }
  }
}

// MARK: A network that sees patches, for images of any size

extension NetworkSession {
  /// The classes of one prepared image, all its channels: the class of the largest score, the lowest of equals.
  package func predict(_ image: [Grid3<Float>]) throws -> Grid3<UInt8> {
    let own = image[0].extent
    let windows = Windows(of: extent, in: own)
    guard windows.count == 1 else { return classes(of: try logits(image), own) }
    let padded = image.map { $0.part(from: Offset3(0, 0, 0) - windows.margin, extent, outside: 0) }
    var labels = [UInt8](repeating: 0, count: extent.count)
    try values(of: padded).withUnsafeBufferPointer { values in
      try labels.withUnsafeMutableBufferPointer { try predict(image: values.baseAddress!, into: $0.baseAddress!) }
    }
    return Grid3(extent, values: labels).part(from: windows.margin, own, outside: 0)
  }

  /// The same; nil when a stop was asked for before the last window, of which an image may have hundreds.
  package func predict(_ image: [Grid3<Float>], stop: StopFlag) throws -> Grid3<UInt8>? {
    let own = image[0].extent
    guard Windows(of: extent, in: own).count > 1 else { return try predict(image) }
    return try windowLogits(image) { stop.isRequested }.map { classes(of: $0, own) }
  }

  /// The class of the largest score, voxel by voxel, the lowest of equals.
  func classes(of scores: [Float], _ extent: Extent3) -> Grid3<UInt8> {
    let voxels = extent.count
    var (labels, best) = ([UInt8](repeating: 0, count: voxels), Array(scores[0..<voxels]))
    for k in 1..<classes {
      for voxel in 0..<voxels where scores[k * voxels + voxel] > best[voxel] {
        (best[voxel], labels[voxel]) = (scores[k * voxels + voxel], UInt8(truncatingIfNeeded: k))
      }
    }
    return Grid3(extent, values: labels)
  }

  /// Class scores of one prepared image, all its channels: `[K, D, H, W]`.
  package func logits(_ image: [Grid3<Float>]) throws -> [Float] {
    if image[0].extent == extent { return try patchLogits(image) }
    return try windowLogits(image) { false } ?? []
  }

  /// Nil where the work was given up between two windows.
  private func windowLogits(_ image: [Grid3<Float>], isGivenUp: () -> Bool) throws -> [Float]? {
    let windows = Windows(of: extent, in: image[0].extent)
    let padded = image.map { $0.part(from: Offset3(0, 0, 0) - windows.margin, windows.padded, outside: 0) }
    var scores = WindowedScores(windows, classes: classes)
    for place in windows.places {
      if isGivenUp() { return nil }
      scores.add(try patchLogits(padded.map { $0.part(from: place, extent, outside: 0) }), at: place)
    }
    return scores.ofImage
  }

  private func patchLogits(_ patch: [Grid3<Float>]) throws -> [Float] {
    try values(of: patch).withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return [] }
      return try logits(image: base)
    }
  }

  /// `[C, D, H, W]`, as a session takes it.
  private func values(of image: [Grid3<Float>]) -> [Float] {
    precondition(image.count == channels, "an image of \(image.count) channels for a network of \(channels)")
    return image.count == 1 ? image[0].values : image.flatMap(\.values)
  }
}
