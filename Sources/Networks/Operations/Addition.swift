import Compute

/// `y = a + b`, with the ReLU behind it when the fusion pass has found one.
struct Addition: Operation {
  var rectifies = false

  var kind: String { rectifies ? "add+relu" : "add" }

  func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[0]) and \(inputs[1])")
    return inputs[0]
  }

  var backwardReads: BackwardReads { BackwardReads(output: rectifies) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }

  func forward(_ call: ForwardCall) {
    let (shape, kernels, rectifies) = (call.outputShape, call.settings.kernels, rectifies)
    call.pool.forEachOnce(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.add(
        call.inputs[0].voxel(start, of: shape), call.inputs[1].voxel(start, of: shape),
        call.output.voxel(start, of: shape), range.count * shape.paddedChannels, rectifies ? 1 : 0)
    }
  }

  func backward(_ call: BackwardCall) {
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    let (left, right) = (call.inputGradients[0], call.inputGradients[1])
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.add_backward(
        call.outputGradient.voxel(start, of: shape), call.output?.voxel(start, of: shape),
        left?.pointer.voxel(start, of: shape), left?.accumulate == true ? 1 : 0,
        right?.pointer.voxel(start, of: shape), right?.accumulate == true ? 1 : 0,
        range.count * shape.paddedChannels)
    }
  }
}

extension Node {
  package static func + (a: Node, b: Node) -> Node { a.applying(Addition(), with: [b]) }
}
