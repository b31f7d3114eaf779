import CKernels
import Compute
import Networks

extension ConcatenatedSums: CPUOperation {
  /// Sums go to their channels of the result; backward copies each pair's channels to both gradients.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    ConcatenatedSumsKernel(inputs: inputs, shape: outputShape(of: inputs), kernels: cpu.kernels.arithmetic.pointee)
  }
}

private struct ConcatenatedSumsKernel: Kernel {
  let inputs: [Shape]
  let shape: Shape
  let kernels: arithmetic_kernels

  var normalizedInputs: Set<Int> { Set(inputs.indices) }

  /// Voxels that go to one pair after another, so that what is read for the first is near for the others.
  private static let tile = 256

  func forward(_ call: ForwardCall) {
    call.pool.forEachOnce(shape.voxels) { range, _ in
      forEachPair(of: range) { slot, first, start, count in
        let own = inputs[slot]
        let terms = call.storedInputs[slot...slot + 1].map { $0.voxel(start, of: own).source }
        kernels.add(
          terms[0], terms[1], call.output.voxel(start, of: shape) + first, Int32(shape.paddedChannels), count,
          Int32(own.paddedChannels), 0)
      }
    }
  }

  func backward(_ call: BackwardCall) {
    call.pool.forEachOnce(shape.voxels) { range, _ in
      forEachPair(of: range) { slot, first, start, count in
        for target in call.inputGradients[slot...slot + 1].compactMap(\.self) {
          var copy = channel_copy(
            from: call.outputGradient.voxel(start, of: shape), from_stride: Int32(shape.paddedChannels),
            from_first: Int32(first), to: target.pointer.voxel(start, of: inputs[slot]),
            to_stride: Int32(inputs[slot].paddedChannels), to_first: 0, channels: Int32(inputs[slot].channels),
            accumulate: target.accumulate ? 1 : 0, voxels: count)
          kernels.copy_channels(&copy)
        }
      }
    }
  }

  /// Every pair's first input and first channel, tile of voxels by tile.
  private func forEachPair(
    of voxels: Range<Int>, _ body: (_ slot: Int, _ first: Int, _ start: Int, _ count: Int) -> Void
  ) {
    for start in stride(from: voxels.lowerBound, to: voxels.upperBound, by: Self.tile) {
      var first = 0
      for slot in stride(from: 0, to: inputs.count, by: 2) {
        body(slot, first, start, min(Self.tile, voxels.upperBound - start))
        first += inputs[slot].channels
      }
    }
  }
}
