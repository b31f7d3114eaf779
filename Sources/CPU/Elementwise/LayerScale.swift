import CKernels
import Compute
import Networks

extension LayerScale: CPUOperation {
  /// One pass; backward sums the factors' gradients over fixed tiles of voxels.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    LayerScaleKernel(inputs[0], instructionSet: cpu.instructionSet)
  }
}

/// `y = shortcut + scale(c) x`; `dx = scale(c) dy`, `dscale(c) = Σ dy x` over voxels, and the shortcut's gradient is
/// `dy`.
package struct LayerScaleKernel: Kernel {
  /// Shape of shortcut, x and y, `[N, D, H, W, C]`.
  package let shape: Shape
  private let geometry: scaling_shape
  private let kernels: layer_scale_kernels
  private let arithmetic: arithmetic_kernels
  private let tiles: VoxelTiles

  /// - Parameter shape: of shortcut, x and y.
  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    self.shape = shape
    geometry = scaling_shape(voxels: shape.voxels, channels: shape.channels)
    kernels = instructionSet.kernels.layer_scale.pointee
    arithmetic = instructionSet.kernels.arithmetic.pointee
    tiles = VoxelTiles(voxels: shape.voxels, stride: shape.paddedChannels)
  }

  /// Bytes of scratch that `backward` needs.
  package var scratchBytes: Int { tiles.bytes }
  /// Backward's partial sums; forward needs none.
  package func scratchBytes(_ phase: Phase) -> Int { phase == .forward ? 0 : tiles.bytes }

  /// The shortcut is input 0, x input 1.
  package func forward(_ call: ForwardCall) {
    forward(x: call.inputs[1], scale: call.parameters[0], shortcut: call.inputs[0], y: call.output, pool: call.pool)
  }

  /// `x`'s gradient first: the shortcut's may take the memory of `dy`, and is then already there.
  package func backward(_ call: BackwardCall) {
    let dy = call.outputGradient
    guard let target = call.inputGradients[1] else { preconditionFailure("layer scale of an input without gradient") }
    backward(
      x: call.inputs[1], scale: call.parameters[0], dy: dy, dx: target.pointer, accumulate: target.accumulate,
      dScale: call.parameterGradients[0], scratch: call.scratch, pool: call.pool)
    guard let shortcut = call.inputGradients[0], UnsafePointer(shortcut.pointer) != dy else { return }
    arithmetic.passGradient(dy, times: 1, to: shortcut, shape, call.pool)
  }

  /// `y = shortcut + scale(c) x`, voxels shared among the pool's threads.
  package func forward(
    x: UnsafePointer<Float>, scale: UnsafePointer<Float>, shortcut: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.forward($0, x, scale, shortcut, y, range.lowerBound, range.upperBound)
      }
    }
  }

  /// `dx` and `dscale`; partial sums over fixed tiles of voxels, so that threads change no bit.
  package func backward(
    x: UnsafePointer<Float>, scale: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, accumulate: Bool, dScale: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let partials = scratch.assumingMemoryBound(to: Float.self)
    pool.forEach(tiles.count) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.backward(
          $0, x, scale, dy, gradient_target(dx, accumulate: accumulate), partials, range.lowerBound, range.upperBound)
      }
    }
    add_partial_sums(partials, tiles.count, tiles.stride, shape.channels, dScale)
  }
}
