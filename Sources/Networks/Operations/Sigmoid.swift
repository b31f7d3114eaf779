import CKernels
import Compute

/// `y = 1 / (1 + exp(−x))`; padding channels stay zero.
struct Sigmoid: Operation {
  var kind: String { "sigmoid" }
  func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  var backwardReads: BackwardReads { BackwardReads(output: true) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }

  func forward(_ call: ForwardCall) {
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    call.pool.forEach(shape.voxels) { range, _ in
      kernels.sigmoid(
        call.inputs[0].voxel(range.lowerBound, of: shape), call.output.voxel(range.lowerBound, of: shape),
        range.count, Int32(shape.channels), Int32(shape.paddedChannels))
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0], let y = call.output else { return }
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.sigmoid_backward(
        call.outputGradient.voxel(start, of: shape), y.voxel(start, of: shape),
        target.pointer.voxel(start, of: shape), target.accumulate ? 1 : 0, range.count * shape.paddedChannels)
    }
  }
}

extension Node {
  package func sigmoid() -> Node { applying(Sigmoid()) }
}
