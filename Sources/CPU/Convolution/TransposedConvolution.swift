import CKernels
import Compute
import Networks

extension TransposedConvolution: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    TransposedConvolutionKernel(
      inputs[0], outChannels: outChannels, extent: extent, instructionSet: cpu.instructionSet)
  }
}

package struct TransposedConvolutionKernel: Kernel {
  package let input: Shape
  package let output: Shape
  private let shape: transposed_shape
  private let kernels: transposed_kernels
  private let biasSums: ColumnSums

  package init(_ input: Shape, outChannels: Int, extent: Extent3, instructionSet: InstructionSet = .best) {
    let output = TransposedConvolution(outChannels: outChannels, extent: extent).outputShape(of: [input])
    (self.input, self.output) = (input, output)
    shape = transposed_shape(
      slices: input.batch * input.extent.depth, height: input.extent.height, width: input.extent.width,
      out_height: output.extent.height, out_width: output.extent.width, in: input.channels, out: output.channels)
    kernels = instructionSet.kernels.transposed.pointee
    biasSums = ColumnSums(
      voxels: output.voxels, outChannels, CPUBackend(workers: 1, instructionSet: instructionSet))
  }

  package var weightCount: Int { input.channels * output.channels * 4 }

  /// Bytes of scratch that any of the three passes needs, all threads together.
  package var scratchBytes: Int {
    withUnsafePointer(to: shape) {
      max(kernels.packed_count($0), kernels.sums_count($0)) * MemoryLayout<Float>.stride
    }
  }

  package func scratchBytes(_ phase: Phase) -> Int {
    switch phase {
    case .forward: scratchBytes
    case .backward: max(scratchBytes, biasSums.bytes)
    }
  }

  private var rows: Int { input.batch * input.extent.depth * input.extent.height }

  package func forward(_ call: ForwardCall) {
    forward(
      x: call.inputs[0], weights: call.parameters[0], bias: call.parameters[1], y: call.output, scratch: call.scratch,
      pool: call.pool)
  }

  package func backward(_ call: BackwardCall) {
    let dy = call.outputGradient
    backwardWeights(
      x: call.inputs[0], dy: dy, dWeights: call.parameterGradients[0], scratch: call.scratch, pool: call.pool)
    if let target = call.inputGradients[0] {
      backwardInput(
        dy: dy, weights: call.parameters[0], dx: target.pointer, accumulate: target.accumulate, scratch: call.scratch,
        pool: call.pool)
    }
    biasSums(of: dy, into: call.parameterGradients[1], scratch: call.scratch, pool: call.pool)
  }

  package func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let weights = packed(weights, kernels.pack_forward, blocks: output.paddedChannels / 16, scratch, pool)
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) { kernels.forward($0, x, weights, bias, y, range.lowerBound, range.upperBound) }
    }
  }

  package func backwardInput(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let weights = packed(weights, kernels.pack_backward, blocks: input.paddedChannels / 16, scratch, pool)
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) {
        kernels.backward_input(
          $0, dy, weights, gradient_target(dx, accumulate: accumulate), range.lowerBound, range.upperBound)
      }
    }
  }

  /// Split over weights, never over voxels. The bias's gradient is the sum of `dy` over voxels.
  package func backwardWeights(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let sums = scratch.assumingMemoryBound(to: Float.self)
    pool.forEachOnce(input.paddedChannels / 8) { range, _ in
      withUnsafePointer(to: shape) {
        kernels.backward_weights($0, x, dy, dWeights, sums, range.lowerBound, range.upperBound)
      }
    }
  }

  private typealias Packer =
    @convention(c) (
      UnsafePointer<transposed_shape>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int
    ) -> Void

  /// The weights as this variant reads them: packed into scratch by all threads, or as they are.
  private func packed(
    _ weights: UnsafePointer<Float>, _ pack: Packer, blocks: Int, _ scratch: UnsafeMutableRawPointer,
    _ pool: WorkerPool
  ) -> UnsafePointer<Float> {
    if withUnsafePointer(to: shape, { kernels.packed_count($0) }) == 0 { return weights }
    let packed = scratch.assumingMemoryBound(to: Float.self)
    pool.forEach(4 * blocks) { range, _ in
      withUnsafePointer(to: shape) { pack($0, weights, packed, range.lowerBound, range.upperBound) }
    }
    return UnsafePointer(packed)
  }
}
