import Compute
import Networks

/// Four numbers per channel that a normalisation keeps from forward to backward; zero on padding channels, so that the
/// output's padding is zero too. Of batch normalisation for all cases, of instance normalisation for each.
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

  /// Mean and biased variance, from the tiles' sums of x and of x².
  func takeMoments(_ partials: UnsafePointer<Double>, tiles: Int, voxels: Int) {
    let count = Double(voxels)
    combine(partials, tiles: tiles) { channel, sum, squares in
      let mean = sum / count
      self.mean[channel] = Float(mean)
      variance[channel] = Float(max(0, squares / count - mean * mean))
    }
  }

  /// Sums of the tiles, in order, channel by channel.
  func combine(
    _ partials: UnsafePointer<Double>, tiles: Int,
    _ use: (_ channel: Int, _ first: Double, _ second: Double) -> Void
  ) {
    let stride = shape.paddedChannels
    for channel in 0..<shape.channels {
      var (first, second) = (0.0, 0.0)
      for tile in 0..<tiles {
        first += partials[tile * 2 * stride + channel]
        second += partials[(tile * 2 + 1) * stride + channel]
      }
      use(channel, first, second)
    }
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

  /// dx as `scale g + slope (x − μ) + offset`, from `Σ g` and `Σ g (x − μ)` over so many voxels, and `1 / (σ² + ε)`.
  func inputGradient(
    _ channel: Int, sum: Double, products: Double, voxels: Int
  ) -> (slope: Float, offset: Float, inverse: Double) {
    let count = Double(voxels)
    let inverse = 1 / (Double(variance[channel]) + BatchNormalization.epsilon)
    let scale = Double(scale[channel])
    return (Float(-scale * inverse * products / count), Float(-scale * sum / count), inverse)
  }
}
