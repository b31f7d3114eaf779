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

  /// What the network sees of the volume: the box as it was resampled, and the padding around it.
  package let extent: Extent3

  /// For a volume of this shape in this place.
  package init(_ preprocessing: Preprocessing, for geometry: Geometry) {
    self.init(preprocessing, for: geometry.extent, spacing: geometry.spacing)
  }

  /// - Parameter spacing: the volume's, in millimetres along D, H and W.
  package init(_ preprocessing: Preprocessing, for original: Extent3, spacing: SIMD3<Double>) {
    let resamplesDepth = preprocessing.depth == .resample || preprocessing.spacing != nil
    let width = preprocessing.crop == .halfWidth ? max(original.width / 2, 1) : original.width
    let depth = resamplesDepth ? original.depth : min(original.depth, preprocessing.size.depth)
    self.preprocessing = preprocessing
    self.original = original
    box = Box(
      depth: (original.depth - depth) / 2, height: 0, width: (original.width - width) / 2,
      extent: Extent3(depth, original.height, width))
    if let target = preprocessing.spacing {
      resampled = Self.resampled(box.extent, spacing, to: target)
      (extent, padding) = (resampled, 0)
    } else {
      extent = preprocessing.size
      resampled = Extent3(resamplesDepth ? extent.depth : depth, extent.height, extent.width)
      padding = (extent.depth - resampled.depth) / 2
    }
  }

  /// `round(n · old / new)` on each axis, halves to even as in nnU-Net; one voxel at least.
  private static func resampled(_ extent: Extent3, _ spacing: SIMD3<Double>, to target: [Double]) -> Extent3 {
    func count(_ count: Int, _ axis: Int) -> Int {
      let voxels = (Double(count) * spacing[axis] / target[axis]).rounded(.toNearestOrEven)
      // A number of voxels that no memory holds, of a wrong spacing, is refused before anything is made of it.
      return Int(min(max(voxels, 1), 1e6))
    }
    return Extent3(count(extent.depth, 0), count(extent.height, 1), count(extent.width, 2))
  }

  /// The longest side that an image may become.
  package static let longestSide = 2048

  /// The image's voxels before normalisation and padding.
  private func kept(_ image: Grid3<Double>) -> Grid3<Double> {
    precondition(image.extent == original, "steps for \(original) on an image of \(image.extent)")
    return image.cropped(to: box).resampledLinearly(to: resampled)
  }

  /// The network's input.
  ///
  /// - Parameter file: named when the kept part of the image is constant, which cannot be normalised.
  package func image(_ image: Grid3<Double>, file: String) throws(DatasetProblem) -> Grid3<Float> {
    guard max(extent.depth, extent.height, extent.width) <= Self.longestSide else {
      throw .gridTooLarge(file: file, extent: extent, spacing: preprocessing.spacing ?? [])
    }
    var kept = kept(image)
    if preprocessing.normalise == .volume {
      let (mean, deviation) = Self.moments(kept.values)
      // Below this the differences are rounding errors of the values themselves.
      guard deviation > 1e-12 * abs(mean), deviation > 0 else { throw .constantImage(file: file, value: mean) }
      for index in kept.values.indices { kept.values[index] = (kept.values[index] - mean) / deviation }
    }
    let floats = Grid3<Float>(kept.extent, values: kept.values.map { Float($0) })
    return floats.padded(before: padding, toDepth: extent.depth, with: 0)
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
      .padded(before: padding, toDepth: extent.depth, with: 0)
  }

  /// Labels of the network's grid back on the volume's own: the inverse of `labels`, background outside the box.
  package func restored(_ labels: Grid3<UInt8>) -> Grid3<UInt8> { restoredNearest(labels, outside: 0) }

  /// The same of a number for each voxel, such as a probability: where labels come from, so do these.
  package func restored(_ values: Grid3<Float>, outside filler: Float) -> Grid3<Float> {
    restoredNearest(values, outside: filler)
  }

  private func restoredNearest<T>(_ values: Grid3<T>, outside filler: T) -> Grid3<T> {
    precondition(values.extent == extent, "values of \(values.extent), not \(extent)")
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
