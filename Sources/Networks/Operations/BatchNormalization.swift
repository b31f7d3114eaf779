import CKernels
import Compute

/// Batch normalisation (Ioffe & Szegedy 2015), with the ReLU behind it when the fusion pass has found one.
///
///     y = γ (x − μ) / √(σ² + ε) + β
///
/// Training normalises with the batch's mean and biased variance; the running statistics take the unbiased variance
/// with weight `momentum`, as PyTorch does. Forward keeps the input and four numbers per channel, never the output:
/// backward computes the output's sign again. The input may be stored as bfloat16; then so is its gradient.
struct BatchNormalization: Operation {
  var rectifies = false
  static let epsilon = 1e-5
  /// γ / √(σ² + ε)
  static func scale(_ gamma: Float, _ variance: Float) -> Double {
    Double(gamma) / (Double(variance) + epsilon).squareRoot()
  }

  /// Weight of the newest batch in the running statistics.
  static let momentum = 0.1

  var kind: String { rectifies ? "norm+relu" : "norm" }
  func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    [
      ParameterDeclaration("weight", [inputs[0].channels], .constant(1)),
      ParameterDeclaration("bias", [inputs[0].channels], .constant(0)),
    ]
  }

  func statistics(of inputs: [Shape]) -> [StatisticDeclaration] {
    [
      StatisticDeclaration("running_mean", [inputs[0].channels], initialValue: 0),
      StatisticDeclaration("running_var", [inputs[0].channels], initialValue: 1),
      StatisticDeclaration("num_batches_tracked", [], initialValue: 0),
    ]
  }

  var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }
  var isCheapToRecompute: Bool { true }
  func savedBytes(_ inputs: [Shape]) -> Int { SavedNorm.bytes(inputs[0]) }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    tiles(inputs[0]) * 2 * inputs[0].paddedChannels * MemoryLayout<Double>.stride
      + 2 * inputs[0].paddedChannels * MemoryLayout<Float>.stride
  }

  private func tiles(_ shape: Shape) -> Int { (shape.voxels + ColumnSums.tile - 1) / ColumnSums.tile }

  func forward(_ call: ForwardCall) {
    let saved = SavedNorm(call.saved, call.inputShapes[0])
    switch call.mode {
    case .training: measure(call, into: saved)
    case .inference: saved.takeRunning(mean: call.statistics[0], variance: call.statistics[1])
    }
    saved.derive(gamma: call.parameters[0], beta: call.parameters[1])
    recompute(call)
  }

  func recompute(_ call: ForwardCall) {
    let (shape, kernels, rectifies) = (call.inputShapes[0], call.settings.kernels, rectifies)
    let saved = SavedNorm(call.saved, shape)
    call.pool.forEachOnce(shape.voxels) { range, _ in
      kernels.norm_apply(
        call.storedInputs[0].voxel(range.lowerBound, of: shape).source, saved.mean, saved.scale, saved.shift,
        call.output.voxel(range.lowerBound, of: shape), range.count, Int32(shape.paddedChannels), rectifies ? 1 : 0)
    }
  }

  /// The batch's mean and biased variance of every channel.
  private func measure(_ call: ForwardCall, into saved: SavedNorm) {
    let (shape, kernels) = (call.inputShapes[0], call.settings.kernels)
    precondition(shape.voxels > 1, "one value per channel (\(shape)) cannot be batch-normalised")
    let partials = call.scratch.assumingMemoryBound(to: Double.self)
    call.pool.forEach(tiles(shape)) { range, _ in
      kernels.norm_sums(
        call.storedInputs[0].source, partials, shape.voxels, Int32(shape.paddedChannels), range.lowerBound,
        range.upperBound)
    }
    let count = Double(shape.voxels)
    combine(partials, shape) { channel, sum, squares in
      let mean = sum / count
      saved.mean[channel] = Float(mean)
      saved.variance[channel] = Float(max(0, squares / count - mean * mean))
    }
  }

  /// Sums of the tiles, in order, channel by channel.
  private func combine(
    _ partials: UnsafePointer<Double>, _ shape: Shape,
    _ use: (_ channel: Int, _ first: Double, _ second: Double) -> Void
  ) {
    let stride = shape.paddedChannels
    for channel in 0..<shape.channels {
      var (first, second) = (0.0, 0.0)
      for tile in 0..<tiles(shape) {
        first += partials[tile * 2 * stride + channel]
        second += partials[(tile * 2 + 1) * stride + channel]
      }
      use(channel, first, second)
    }
  }

  /// With g = dy where y > 0 and V voxels: `dβ = Σ g`, `dγ = Σ g (x − μ) / √(σ² + ε)`,
  /// `dx = scale (g − Σ g / V − (x − μ) Σ g (x − μ) / (V (σ² + ε)))`.
  func backward(_ call: BackwardCall) {
    let (shape, kernels, rectifies) = (call.inputShapes[0], call.settings.kernels, rectifies)
    let (x, dy, saved) = (call.storedInputs[0]!, call.outputGradient, SavedNorm(call.saved, shape))
    let partials = call.scratch.assumingMemoryBound(to: Double.self)
    call.pool.forEach(tiles(shape)) { range, _ in
      kernels.norm_backward_sums(
        x.source, dy, saved.mean, saved.scale, saved.shift, partials, shape.voxels, Int32(shape.paddedChannels),
        rectifies ? 1 : 0, range.lowerBound, range.upperBound)
    }
    let slope = (partials + tiles(shape) * 2 * shape.paddedChannels).pointee(as: Float.self)
    let offset = slope + shape.paddedChannels
    takeSums(call, saved, partials, slope: slope, offset: offset)
    guard let target = call.inputGradients[0] else { return }
    precondition(
      target.stored.storage == x.storage && (x.storage == .float32 || !target.accumulate),
      "a gradient stored as \(target.stored.storage), added to: \(target.accumulate), of an input stored as \(x.storage)"
    )
    call.pool.forEach(shape.voxels) { range, _ in
      kernels.norm_backward_apply(
        x.voxel(range.lowerBound, of: shape).source, dy.voxel(range.lowerBound, of: shape), saved.mean, saved.scale,
        saved.shift, slope, offset, target.stored.voxel(range.lowerBound, of: shape).target,
        target.accumulate ? 1 : 0, range.count, Int32(shape.paddedChannels), rectifies ? 1 : 0)
    }
  }

  /// The gradients of γ and β, and dx as `scale g + slope (x − μ) + offset`, zero on padding channels.
  private func takeSums(
    _ call: BackwardCall, _ saved: SavedNorm, _ partials: UnsafePointer<Double>, slope: UnsafeMutablePointer<Float>,
    offset: UnsafeMutablePointer<Float>
  ) {
    let shape = call.inputShapes[0]
    slope.update(repeating: 0, count: shape.paddedChannels)
    offset.update(repeating: 0, count: shape.paddedChannels)
    let count = Double(shape.voxels)
    combine(partials, shape) { channel, sum, products in
      let inverse = 1 / (Double(saved.variance[channel]) + Self.epsilon)
      let scale = Double(saved.scale[channel])
      slope[channel] = Float(-scale * inverse * products / count)
      offset[channel] = Float(-scale * sum / count)
      call.parameterGradients[0][channel] = Float(products * inverse.squareRoot())
      call.parameterGradients[1][channel] = Float(sum)
    }
  }

  func commit(_ call: CommitCall) {
    let (shape, momentum) = (call.inputShapes[0], Self.momentum)
    let saved = SavedNorm(call.saved, shape)
    let unbiased = Double(shape.voxels) / Double(shape.voxels - 1)
    for channel in 0..<shape.channels {
      let (mean, variance) = (Double(saved.mean[channel]), Double(saved.variance[channel]) * unbiased)
      call.statistics[0][channel] = Float((1 - momentum) * Double(call.statistics[0][channel]) + momentum * mean)
      call.statistics[1][channel] = Float((1 - momentum) * Double(call.statistics[1][channel]) + momentum * variance)
    }
    call.statistics[2][0] += 1
  }
}

extension UnsafeMutablePointer<Double> {
  fileprivate func pointee<T>(as type: T.Type) -> UnsafeMutablePointer<T> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: type)
  }
}

extension Node {
  /// Batch normalisation `name.weight`, `name.bias`, `name.running_mean`, `name.running_var`.
  package func batchNormalized(_ name: Name) -> Node { applying(BatchNormalization(), name) }
}
