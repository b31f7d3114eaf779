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
}

/// Where a gradient goes: written, or added to what another reader of the same activation has already written.
package struct GradientTarget {
  package let pointer: UnsafeMutablePointer<Float>
  package let accumulate: Bool
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
}

/// The memory of one update of running statistics.
package struct CommitCall {
  package let statistics: [UnsafeMutablePointer<Float>]
  package let saved: UnsafeMutableRawPointer
  package let inputShapes: [Shape]
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
