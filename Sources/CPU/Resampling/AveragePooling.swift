import CKernels
import Compute
import Networks

extension AveragePooling: CPUOperation {
  /// Rows of the output, sixteen channels at a time.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    AveragePoolingKernel(inputs[0], window: window, instructionSet: cpu.instructionSet)
  }
}

/// Exact: every instruction set gives the same bits.
package struct AveragePoolingKernel: Kernel {
  private let input: Shape
  private let output: Shape
  private let shape: average_pooling_shape
  private let kernels: average_pooling_kernels

  init(_ input: Shape, window: Extent3, instructionSet: InstructionSet) {
    self.input = input
    output = AveragePooling(window: window).outputShape(of: [input])
    shape = average_pooling_shape(
      depth: input.extent.depth, height: input.extent.height, width: input.extent.width, stored: input.paddedChannels,
      window: (window.depth, window.height, window.width))
    kernels = instructionSet.kernels.average_pooling.pointee
  }

  private var rows: Int { output.batch * output.extent.depth * output.extent.height }

  /// The mean of every window.
  package func forward(_ call: ForwardCall) {
    call.pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) {
        kernels.forward($0, call.inputs[0], call.output, range.lowerBound, range.upperBound)
      }
    }
  }

  /// Every voxel of a window takes the same share; those of no window take nothing.
  package func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    let dx = target.pointer
    if !target.accumulate {
      call.pool.forEach(input.voxels) { range, _ in
        let start: UnsafeMutablePointer<Float> = dx.voxel(range.lowerBound, of: input)
        start.update(repeating: 0, count: range.count * input.paddedChannels)
      }
    }
    call.pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) {
        kernels.backward($0, call.outputGradient, dx, range.lowerBound, range.upperBound)
      }
    }
  }
}
