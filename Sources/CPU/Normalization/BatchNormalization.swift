import CKernels
import Compute
import Networks

extension BatchNormalization: CPUOperation {
  /// Sums over fixed tiles in double, then one pass that normalises and rectifies.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    BatchNormalizationKernel(shape: inputs[0], rectifies: rectifies, kernels: cpu.kernels.batch_norm.pointee)
  }

  /// γ / √(σ² + ε)
  static func scale(_ gamma: Float, _ variance: Float) -> Double {
    Double(gamma) / (Double(variance) + epsilon).squareRoot()
  }
}

/// Forward keeps four numbers per channel.
private struct BatchNormalizationKernel: NormalizationKernel {
  let shape: Shape
  let rectifies: Bool
  let kernels: batch_norm_kernels

  var savedBytes: Int { SavedNorm.bytes(shape) }

  func scratchBytes(_ phase: Phase) -> Int {
    tiles * 2 * shape.paddedChannels * MemoryLayout<Double>.stride
      + 2 * shape.paddedChannels * MemoryLayout<Float>.stride
  }

  private var tiles: Int { (shape.voxels + ColumnSums.tile - 1) / ColumnSums.tile }

  /// The sums first, then what they are for.
  func passes(_ call: Passes.Call) -> Passes {
    switch call {
    case .forward(.training): Passes(activations: 2)
    case .backward(givesInput: true): Passes(activations: 2, gradient: 2)
    default: Passes()
    }
  }

  func forward(_ call: ForwardCall) {
    measure(call)
    recompute(call)
  }

  func measure(_ call: ForwardCall) {
    let saved = SavedNorm(call.saved, shape)
    switch call.mode {
    case .training: sum(call, into: saved)
    case .inference: saved.takeRunning(mean: call.statistics[0], variance: call.statistics[1])
    }
    saved.derive(gamma: call.parameters[0], beta: call.parameters[1])
  }

  func pending(_ memory: UnsafeMutableRawPointer) -> PendingNormalization {
    let saved = SavedNorm(memory, shape)
    return PendingNormalization(mean: saved.mean, scale: saved.scale, shift: saved.shift, rectifies: rectifies)
  }

  func recompute(_ call: ForwardCall) {
    let saved = SavedNorm(call.saved, shape)
    call.pool.forEachOnce(shape.voxels) { range, _ in
      var job = normJob(call.storedInputs[0], saved, voxels: range)
      kernels.apply(&job, call.output.voxel(range.lowerBound, of: shape))
    }
  }

  /// - Parameter saved: nil for the sums, which read x alone.
  private func normJob(_ x: Activation, _ saved: SavedNorm?, voxels: Range<Int>) -> batch_norm_job {
    batch_norm_job(
      x: x.voxel(voxels.lowerBound, of: shape).source, mean: saved?.mean, scale: saved?.scale, shift: saved?.shift,
      voxels: voxels.count, stride: Int32(shape.paddedChannels), rectify: rectifies ? 1 : 0,
      slope: 0)
  }

  /// The batch's mean and biased variance of every channel.
  private func sum(_ call: ForwardCall, into saved: SavedNorm) {
    precondition(shape.voxels > 1, "one value per channel (\(shape)) cannot be batch-normalised")
    let partials = call.scratch.assumingMemoryBound(to: Double.self)
    call.pool.forEach(tiles) { range, _ in
      var job = normJob(call.storedInputs[0], nil, voxels: 0..<shape.voxels)
      kernels.sums(&job, partials, range.lowerBound, range.upperBound)
    }
    saved.takeMoments(partials, tiles: tiles, voxels: shape.voxels)
  }

  /// With g = dy where y > 0 and V voxels: `dβ = Σ g`, `dγ = Σ g (x − μ) / √(σ² + ε)`,
  /// `dx = scale (g − Σ g / V − (x − μ) Σ g (x − μ) / (V (σ² + ε)))`.
  func backward(_ call: BackwardCall) {
    let (x, dy, saved) = (call.storedInputs[0]!, call.outputGradient, SavedNorm(call.saved, shape))
    let partials = call.scratch.assumingMemoryBound(to: Double.self)
    call.pool.forEach(tiles) { range, _ in
      var job = normJob(x, saved, voxels: 0..<shape.voxels)
      kernels.backward_sums(&job, dy, partials, range.lowerBound, range.upperBound)
    }
    let slope = UnsafeMutableRawPointer(partials + tiles * 2 * shape.paddedChannels)
      .assumingMemoryBound(to: Float.self)
    let offset = slope + shape.paddedChannels
    takeSums(call, saved, partials, slope: slope, offset: offset)
    guard let target = call.inputGradients[0] else { return }
    precondition(
      target.stored.storage == x.storage && (x.storage == .float32 || !target.accumulate),
      "a gradient stored as \(target.stored.storage), added to: \(target.accumulate), of an input stored as \(x.storage)"
    )
    call.pool.forEach(shape.voxels) { range, _ in
      var job = normJob(x, saved, voxels: range)
      kernels.backward_apply(
        &job, dy.voxel(range.lowerBound, of: shape), slope, offset,
        target.stored.voxel(range.lowerBound, of: shape).target, target.accumulate ? 1 : 0)
    }
  }

  /// The gradients of γ and β, and dx as `scale g + slope (x − μ) + offset`, zero on padding channels.
  private func takeSums(
    _ call: BackwardCall, _ saved: SavedNorm, _ partials: UnsafePointer<Double>, slope: UnsafeMutablePointer<Float>,
    offset: UnsafeMutablePointer<Float>
  ) {
    slope.update(repeating: 0, count: shape.paddedChannels)
    offset.update(repeating: 0, count: shape.paddedChannels)
    saved.combine(partials, tiles: tiles) { channel, sum, products in
      let line = saved.inputGradient(channel, sum: sum, products: products, voxels: shape.voxels)
      (slope[channel], offset[channel]) = (line.slope, line.offset)
      call.parameterGradients[0][channel] = Float(products * line.inverse.squareRoot())
      call.parameterGradients[1][channel] = Float(sum)
    }
  }

  func commit(_ call: CommitCall) {
    let momentum = BatchNormalization.momentum
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
