import Compute

/// Four numbers per channel that batch normalisation keeps from forward to backward; zero on padding channels, so that
/// the output's padding is zero too.
struct SavedNorm {
  let mean: UnsafeMutablePointer<Float>
  let variance: UnsafeMutablePointer<Float>
  /// γ / √(σ² + ε)
  let scale: UnsafeMutablePointer<Float>
  /// β
  let shift: UnsafeMutablePointer<Float>
  private let shape: Shape

  static func bytes(_ shape: Shape) -> Int { 4 * shape.paddedChannels * MemoryLayout<Float>.stride }

  init(_ memory: UnsafeMutableRawPointer, _ shape: Shape) {
    mean = memory.assumingMemoryBound(to: Float.self)
    variance = mean + shape.paddedChannels
    scale = variance + shape.paddedChannels
    shift = scale + shape.paddedChannels
    self.shape = shape
  }

  func takeRunning(mean running: UnsafePointer<Float>, variance runningVariance: UnsafePointer<Float>) {
    mean.update(from: running, count: shape.channels)
    variance.update(from: runningVariance, count: shape.channels)
  }

  func derive(gamma: UnsafePointer<Float>, beta: UnsafePointer<Float>) {
    for channel in 0..<shape.channels {
      scale[channel] = Float(BatchNormalization.scale(gamma[channel], variance[channel]))
      shift[channel] = beta[channel]
    }
    for channel in shape.channels..<shape.paddedChannels {
      mean[channel] = 0
      variance[channel] = 0
      scale[channel] = 0
      shift[channel] = 0
    }
  }
}
