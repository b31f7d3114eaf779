import Compute

/// Numbers for a test: uniform in -1 ... 1, the same for the same seed on every machine.
package func randomValues(_ count: Int, seed: UInt64) -> [Float] {
  var stream = RandomStream(seed: seed, purpose: .test)
  return (0..<count).map { _ in stream.nextUniform(in: -1...1) }
}

/// A random activation in memory layout: real channels uniform in -1 ... 1, padding channels zero.
package func randomActivation(_ shape: Shape, seed: UInt64) -> [Float] {
  var stream = RandomStream(seed: seed, purpose: .test)
  var values = [Float](repeating: 0, count: shape.storedCount)
  for voxel in 0..<shape.voxels {
    for channel in 0..<shape.channels {
      values[voxel * shape.paddedChannels + channel] = stream.nextUniform(in: -1...1)
    }
  }
  return values
}

/// γ(n) = n·u / (1 − n·u) with u = 2⁻²⁴: a sum of n products in single precision, in any order, fused or not, is off by
/// at most γ(n) · Σ|aᵢ·bᵢ| (Higham, Accuracy and Stability of Numerical Algorithms, 3.1).
package func roundingBound(terms: Int) -> Float {
  let error = Double(terms) * 0x1p-24
  precondition(error < 1, "no rounding bound for \(terms) terms")
  return Float(error / (1 - error)).nextUp
}

/// PyTorch's `[N, C, D, H, W]` in our memory layout `[N, D, H, W, C padded to 16]`.
package func channelsLast(_ values: [Float], _ shape: Shape) -> [Float] {
  precondition(values.count == shape.voxels * shape.channels, "\(shape) does not hold \(values.count) values")
  var stored = [Float](repeating: 0, count: shape.storedCount)
  forEachElement(shape) { stored[$1] = values[$0] }
  return stored
}

/// The way back; padding is dropped.
package func channelsFirst(_ stored: [Float], _ shape: Shape) -> [Float] {
  precondition(stored.count == shape.storedCount, "\(shape) is not stored in \(stored.count) values")
  var values = [Float](repeating: 0, count: shape.voxels * shape.channels)
  forEachElement(shape) { values[$0] = stored[$1] }
  return values
}

private func forEachElement(_ shape: Shape, _ body: (_ channelsFirst: Int, _ channelsLast: Int) -> Void) {
  let voxels = shape.extent.count
  for image in 0..<shape.batch {
    for channel in 0..<shape.channels {
      for voxel in 0..<voxels {
        body(
          (image * shape.channels + channel) * voxels + voxel,
          (image * voxels + voxel) * shape.paddedChannels + channel)
      }
    }
  }
}
