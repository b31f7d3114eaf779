import CKernels
import Compute

/// `y = shortcut + scale(c) x` with one learnt factor per channel; see `LayerScale`.
struct LayerScaleOperation: Operation {
  let initialValue: Float

  var kind: String { "layer scale" }

  func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[1]) to \(inputs[0])")
    return inputs[0]
  }

  func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    [ParameterDeclaration("scale", [inputs[0].channels], .constant(initialValue))]
  }

  var backwardReads: BackwardReads { BackwardReads(inputs: [1]) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    phase == .forward ? 0 : LayerScale(inputs[0], instructionSet: settings.instructionSet).scratchBytes
  }

  func forward(_ call: ForwardCall) {
    LayerScale(call.outputShape, instructionSet: call.settings.instructionSet).forward(
      x: call.inputs[1], scale: call.parameters[0], shortcut: call.inputs[0], y: call.output, pool: call.pool)
  }

  /// `x`'s gradient first: the shortcut's may take the memory of `dy`, and is then already there.
  func backward(_ call: BackwardCall) {
    let (shape, kernels, dy) = (call.outputShape, call.settings.kernels, call.outputGradient)
    guard let target = call.inputGradients[1] else { preconditionFailure("layer scale of an input without gradient") }
    LayerScale(shape, instructionSet: call.settings.instructionSet).backward(
      x: call.inputs[1], scale: call.parameters[0], dy: dy, dx: target.pointer, accumulate: target.accumulate,
      dScale: call.parameterGradients[0], scratch: call.scratch, pool: call.pool)
    guard let shortcut = call.inputGradients[0], UnsafePointer(shortcut.pointer) != dy else { return }
    call.pool.forEach(shape.voxels) { range, _ in
      kernels.scale(
        dy.voxel(range.lowerBound, of: shape), 1, shortcut.pointer.voxel(range.lowerBound, of: shape),
        shortcut.accumulate ? 1 : 0, range.count * shape.paddedChannels)
    }
  }
}

extension Node {
  /// `self + scale(c) x` with the parameter `name.scale`, one number per channel.
  package func adding(layerScaled x: Node, initialValue: Float, _ name: Name) -> Node {
    applying(LayerScaleOperation(initialValue: initialValue), with: [x], name)
  }
}
