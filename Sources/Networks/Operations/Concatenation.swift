import CKernels
import Compute

/// The inputs' channels one after the other, any numbers of them; the result's padding is zero.
struct Concatenation: Operation {
  var kind: String { "concat" }

  func outputShape(of inputs: [Shape]) -> Shape {
    let first = inputs[0]
    for other in inputs {
      precondition(
        other.batch == first.batch && other.extent == first.extent, "cannot concatenate \(first) and \(other)")
    }
    return Shape(batch: first.batch, first.extent, channels: inputs.map(\.channels).reduce(0, +))
  }

  func forward(_ call: ForwardCall) {
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    call.pool.forEachOnce(shape.voxels) { range, _ in
      var first = 0
      for (slot, inputShape) in call.inputShapes.enumerated() {
        kernels.copy_channels(
          call.inputs[slot].voxel(range.lowerBound, of: inputShape), Int32(inputShape.paddedChannels), 0,
          call.output.voxel(range.lowerBound, of: shape), Int32(shape.paddedChannels), Int32(first),
          Int32(inputShape.channels), 0, range.count)
        first += inputShape.channels
      }
      clearPadding(of: call.output, shape, range)
    }
  }

  func backward(_ call: BackwardCall) {
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    call.pool.forEachOnce(shape.voxels) { range, _ in
      var first = 0
      for (target, inputShape) in zip(call.inputGradients, call.inputShapes) {
        if let target {
          kernels.copy_channels(
            call.outputGradient.voxel(range.lowerBound, of: shape), Int32(shape.paddedChannels), Int32(first),
            target.pointer.voxel(range.lowerBound, of: inputShape), Int32(inputShape.paddedChannels), 0,
            Int32(inputShape.channels), target.accumulate ? 1 : 0, range.count)
          if !target.accumulate { clearPadding(of: target.pointer, inputShape, range) }
        }
        first += inputShape.channels
      }
    }
  }

  private func clearPadding(of output: UnsafeMutablePointer<Float>, _ shape: Shape, _ voxels: Range<Int>) {
    let padding = shape.paddedChannels - shape.channels
    if padding == 0 { return }
    for voxel in voxels {
      (output.voxel(voxel, of: shape) + shape.channels).update(repeating: 0, count: padding)
    }
  }
}

extension Node {
  package static func concatenated(_ nodes: [Node]) -> Node {
    nodes[0].applying(Concatenation(), with: Array(nodes.dropFirst()))
  }
}
