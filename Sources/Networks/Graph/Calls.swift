import CKernels
import Compute

/// The memory of one forward call. Activations are `[N, D, H, W, C]`, channels padded to 16 with zeros.
package struct ForwardCall {
  package let inputs: [UnsafePointer<Float>]
  package let output: UnsafeMutablePointer<Float>
  package let inputShapes: [Shape]
  package let outputShape: Shape
  /// In declaration order.
  package let parameters: [UnsafePointer<Float>]
  package let statistics: [UnsafeMutablePointer<Float>]
  package let saved: UnsafeMutableRawPointer
  package let scratch: UnsafeMutableRawPointer
  package let mode: Mode
  package let settings: ExecutionSettings
  package let pool: WorkerPool

  package init(
    inputs: [UnsafePointer<Float>], output: UnsafeMutablePointer<Float>, inputShapes: [Shape], outputShape: Shape,
    parameters: [UnsafePointer<Float>], statistics: [UnsafeMutablePointer<Float>], saved: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer, mode: Mode, settings: ExecutionSettings, pool: WorkerPool
  ) {
    self.inputs = inputs
    self.output = output
    self.inputShapes = inputShapes
    self.outputShape = outputShape
    self.parameters = parameters
    self.statistics = statistics
    self.saved = saved
    self.scratch = scratch
    self.mode = mode
    self.settings = settings
    self.pool = pool
  }
}

/// Where a gradient goes: written, or added to what another reader of the same activation has already written.
package struct GradientTarget {
  package let pointer: UnsafeMutablePointer<Float>
  package let accumulate: Bool

  package init(pointer: UnsafeMutablePointer<Float>, accumulate: Bool) {
    self.pointer = pointer
    self.accumulate = accumulate
  }
}

/// The memory of one backward call.
package struct BackwardCall {
  /// Those of `backwardReads.inputs`; nil elsewhere.
  package let inputs: [UnsafePointer<Float>?]
  package let output: UnsafePointer<Float>?
  package let outputGradient: UnsafePointer<Float>
  /// Nil where nobody needs the gradient.
  package let inputGradients: [GradientTarget?]
  package let inputShapes: [Shape]
  package let outputShape: Shape
  package let parameters: [UnsafePointer<Float>]
  /// To be written, not added to.
  package let parameterGradients: [UnsafeMutablePointer<Float>]
  package let saved: UnsafeMutableRawPointer
  package let scratch: UnsafeMutableRawPointer
  package let settings: ExecutionSettings
  package let pool: WorkerPool

  package init(
    inputs: [UnsafePointer<Float>?], output: UnsafePointer<Float>?, outputGradient: UnsafePointer<Float>,
    inputGradients: [GradientTarget?], inputShapes: [Shape], outputShape: Shape, parameters: [UnsafePointer<Float>],
    parameterGradients: [UnsafeMutablePointer<Float>], saved: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer,
    settings: ExecutionSettings, pool: WorkerPool
  ) {
    self.inputs = inputs
    self.output = output
    self.outputGradient = outputGradient
    self.inputGradients = inputGradients
    self.inputShapes = inputShapes
    self.outputShape = outputShape
    self.parameters = parameters
    self.parameterGradients = parameterGradients
    self.saved = saved
    self.scratch = scratch
    self.settings = settings
    self.pool = pool
  }
}

/// The memory of one update of running statistics.
package struct CommitCall {
  package let statistics: [UnsafeMutablePointer<Float>]
  package let saved: UnsafeMutableRawPointer
  package let inputShapes: [Shape]

  package init(statistics: [UnsafeMutablePointer<Float>], saved: UnsafeMutableRawPointer, inputShapes: [Shape]) {
    self.statistics = statistics
    self.saved = saved
    self.inputShapes = inputShapes
  }
}

/// The kernels of each instruction set.
enum KernelTables {
  static func table(for set: InstructionSet) -> operations_table {
    precondition(InstructionSet.available.contains(set), "this processor has no \(set.rawValue)")
    return switch set {
    case .avx512: operations_avx512
    case .avx2: operations_avx2
    case .scalar: operations_scalar
    }
  }
}

extension UnsafePointer<Float> {
  /// Start of voxel `index`.
  func voxel(_ index: Int, of shape: Shape) -> UnsafePointer<Float> { self + index * shape.paddedChannels }
}

extension UnsafeMutablePointer<Float> {
  func voxel(_ index: Int, of shape: Shape) -> UnsafeMutablePointer<Float> { self + index * shape.paddedChannels }
}
