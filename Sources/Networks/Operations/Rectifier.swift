import Compute

/// `y = max(0, x)`; NaN stays NaN.
struct Rectifier: Operation {
  var kind: String { "relu" }
  func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  var backwardReads: BackwardReads { BackwardReads(output: true) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }

  func forward(_ call: ForwardCall) {
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    call.pool.forEach(shape.voxels) { range, _ in
      let count = range.count * shape.paddedChannels
      kernels.rectify(
        call.inputs[0].voxel(range.lowerBound, of: shape), call.output.voxel(range.lowerBound, of: shape), count)
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0], let y = call.output else { return }
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.add_backward(
        call.outputGradient.voxel(start, of: shape), y.voxel(start, of: shape),
        target.pointer.voxel(start, of: shape), target.accumulate ? 1 : 0, nil, 0, range.count * shape.paddedChannels)
    }
  }
}

extension Node {
  package func relu() -> Node { applying(Rectifier()) }
}
