import CKernels
import Compute
import Networks

extension LayerNormalization: CPUOperation {
  /// One pass over the voxels, each by itself.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    LayerNormalizationKernel(inputs[0], epsilon: Self.epsilon, instructionSet: cpu.instructionSet)
  }
}

/// `y = γ (x − μ) / √(σ² + ε) + β` over the channels of each voxel.
package struct LayerNormalizationKernel: Kernel {
  /// Shape of x and y, `[N, D, H, W, C]`.
  package let shape: Shape
  private let geometry: layer_norm_shape
  private let kernels: layer_norm_kernels
  private let tiles: VoxelTiles

  /// - Precondition: ε is positive.
  package init(_ shape: Shape, epsilon: Float, instructionSet: InstructionSet = .best) {
    precondition(epsilon > 0, "layer norm needs a positive epsilon, not \(epsilon)")
    self.shape = shape
    geometry = layer_norm_shape(voxels: shape.voxels, channels: shape.channels, epsilon: epsilon)
    kernels = instructionSet.kernels.layer_norm.pointee
    tiles = VoxelTiles(voxels: shape.voxels, stride: 2 * shape.paddedChannels)
  }

  /// Bytes of scratch that `backward` needs.
  package var scratchBytes: Int { tiles.bytes }
  /// Backward's partial sums; forward needs none.
  package func scratchBytes(_ phase: Phase) -> Int { phase == .forward ? 0 : tiles.bytes }

  /// γ is parameter 0, β parameter 1.
  package func forward(_ call: ForwardCall) {
    forward(x: call.inputs[0], gamma: call.parameters[0], beta: call.parameters[1], y: call.output, pool: call.pool)
  }

  /// All three gradients; an input without gradient traps.
  package func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { preconditionFailure("layer norm of an input without gradient") }
    backward(
      x: call.inputs[0], gamma: call.parameters[0], dy: call.outputGradient, dx: target.pointer,
      accumulate: target.accumulate, dGamma: call.parameterGradients[0], dBeta: call.parameterGradients[1],
      scratch: call.scratch, pool: call.pool)
  }

  /// Voxels are shared among the pool's threads.
  package func forward(
    x: UnsafePointer<Float>, gamma: UnsafePointer<Float>, beta: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      withUnsafePointer(to: geometry) { kernels.forward($0, x, gamma, beta, y, range.lowerBound, range.upperBound) }
    }
  }

  /// With g = γ dy and n the normalised x: dx = (g − mean g − n mean(g n)) / √(σ² + ε), dγ = Σ dy n, dβ = Σ dy.
  package func backward(
    x: UnsafePointer<Float>, gamma: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, accumulate: Bool, dGamma: UnsafeMutablePointer<Float>,
    dBeta: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let partials = scratch.assumingMemoryBound(to: Float.self)
    pool.forEach(tiles.count) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.backward(
          $0, x, gamma, dy, gradient_target(dx, accumulate: accumulate), partials, range.lowerBound, range.upperBound)
      }
    }
    add_partial_sums(partials, tiles.count, tiles.stride, shape.channels, dGamma)
    add_partial_sums(partials + shape.paddedChannels, tiles.count, tiles.stride, shape.channels, dBeta)
  }
}
