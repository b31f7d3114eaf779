import Compute

/// A `Preprocessing` worked out for one volume: which box, which sizes, how many slices of padding; and the way back.
package struct PreprocessingSteps: Hashable, Sendable {
  package let preprocessing: Preprocessing
  /// The volume's own extent, in D, H, W.
  package let original: Extent3
  /// What is kept of it.
  package let box: Box
  /// What the box becomes before padding.
  package let resampled: Extent3
  /// Empty slices before the first.
  package let padding: Int

  package init(_ preprocessing: Preprocessing, for original: Extent3) {
    let size = preprocessing.size
    let resamplesDepth = preprocessing.depth == .resample
    let width = preprocessing.crop == .halfWidth ? max(original.width / 2, 1) : original.width
    let depth = resamplesDepth ? original.depth : min(original.depth, size.depth)
    self.preprocessing = preprocessing
    self.original = original
    box = Box(
      depth: (original.depth - depth) / 2, height: 0, width: (original.width - width) / 2,
      extent: Extent3(depth, original.height, width))
    resampled = Extent3(resamplesDepth ? size.depth : depth, size.height, size.width)
    padding = (size.depth - resampled.depth) / 2
  }

  /// The image's voxels before normalisation and padding.
  private func kept(_ image: Grid3<Double>) -> Grid3<Double> {
    precondition(image.extent == original, "steps for \(original) on an image of \(image.extent)")
    return image.cropped(to: box).resampledLinearly(to: resampled)
  }

  /// The network's input.
  ///
  /// - Parameter file: named when the kept part of the image is constant, which cannot be normalised.
  package func image(_ image: Grid3<Double>, file: String) throws(DatasetProblem) -> Grid3<Float> {
    var kept = kept(image)
    if preprocessing.normalise == .volume {
      let (mean, deviation) = Self.moments(kept.values)
      // Below this the differences are rounding errors of the values themselves.
      guard deviation > 1e-12 * abs(mean), deviation > 0 else { throw .constantImage(file: file, value: mean) }
      for index in kept.values.indices { kept.values[index] = (kept.values[index] - mean) / deviation }
    }
    let floats = Grid3<Float>(kept.extent, values: kept.values.map { Float($0) })
    return floats.padded(before: padding, toDepth: preprocessing.size.depth, with: 0)
  }

  /// Mean and standard deviation (over n), in two passes.
  private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / count).squareRoot())
  }

  /// The labels on the network's grid.
  package func labels(_ labels: Grid3<UInt8>) -> Grid3<UInt8> {
    precondition(labels.extent == original, "steps for \(original) on labels of \(labels.extent)")
    return labels.cropped(to: box).resampledNearest(to: resampled)
      .padded(before: padding, toDepth: preprocessing.size.depth, with: 0)
  }

  /// Labels of the network's grid back on the volume's own: the inverse of `labels`, background outside the box.
  package func restored(_ labels: Grid3<UInt8>) -> Grid3<UInt8> { restoredNearest(labels, outside: 0) }

  /// The same of a number for each voxel, such as a probability: where labels come from, so do these.
  package func restored(_ values: Grid3<Float>, outside filler: Float) -> Grid3<Float> {
    restoredNearest(values, outside: filler)
  }

  private func restoredNearest<T>(_ values: Grid3<T>, outside filler: T) -> Grid3<T> {
    precondition(values.extent == preprocessing.size, "values of \(values.extent), not \(preprocessing.size)")
    let unpadded = values.cropped(
      to: Box(depth: padding, height: 0, width: 0, extent: resampled))
    let part = unpadded.resampledNearest(to: box.extent)
    var whole = Grid3<T>(original, repeating: filler)
    let width = box.extent.width
    for d in 0..<box.extent.depth {
      for h in 0..<box.extent.height {
        let target = ((box.depth + d) * original.height + box.height + h) * original.width + box.width
        let source = (d * box.extent.height + h) * width
        whole.values.replaceSubrange(target..<(target + width), with: part.values[source..<(source + width)])
      }
    }
    return whole
  }

  /// Millimetres between voxel centres of the network's grid.
  package func spacing(of original: SIMD3<Double>) -> SIMD3<Double> {
    original
      * SIMD3(
        Double(box.extent.depth) / Double(resampled.depth), Double(box.extent.height) / Double(resampled.height),
        Double(box.extent.width) / Double(resampled.width))
  }
}
