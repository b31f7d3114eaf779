import Compute

/// Depthwise 7 x 7 convolution in the slice plane with bias; see `DepthwiseConvolution`.
struct DepthwiseConvolutionOperation: Operation {
  let dilation: Int

  var kind: String { "depthwise convolution" }
  func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let channels = inputs[0].channels
    return [
      ParameterDeclaration("weight", [channels, 1, 1, 7, 7], .uniform(fanIn: 49)),
      ParameterDeclaration("bias", [channels], .uniform(fanIn: 49)),
    ]
  }

  func multiplyAdds(_ inputs: [Shape]) -> Int { inputs[0].voxels * inputs[0].channels * 49 }
  var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    let own = plan(inputs[0], settings).scratchBytes
    return phase == .forward ? own : max(own, sums(inputs[0]).bytes)
  }

  func forward(_ call: ForwardCall) {
    plan(call.inputShapes[0], call.settings).forward(
      x: call.inputs[0], weights: call.parameters[0], bias: call.parameters[1], y: call.output, scratch: call.scratch,
      pool: call.pool)
  }

  func backward(_ call: BackwardCall) {
    let (plan, dy) = (plan(call.inputShapes[0], call.settings), call.outputGradient)
    plan.backwardWeights(
      x: call.inputs[0], dy: dy, dWeights: call.parameterGradients[0], scratch: call.scratch, pool: call.pool)
    if let target = call.inputGradients[0] {
      plan.backwardInput(
        dy: dy, weights: call.parameters[0], dx: target.pointer, accumulate: target.accumulate, scratch: call.scratch,
        pool: call.pool)
    }
    sums(call.outputShape)(
      of: dy, into: call.parameterGradients[1], call.settings, scratch: call.scratch, pool: call.pool)
  }

  private func sums(_ shape: Shape) -> ColumnSums { ColumnSums(voxels: shape.voxels, shape.channels) }

  private func plan(_ shape: Shape, _ settings: ExecutionSettings) -> DepthwiseConvolution {
    DepthwiseConvolution(
      shape, dilation: dilation, workers: settings.workers, instructionSet: settings.instructionSet)
  }
}

extension Node {
  /// Depthwise convolution `name.weight`, `name.bias`: every channel by itself, 7 x 7 in the plane.
  package func convolvedDepthwise(dilation: Int = 1, _ name: Name) -> Node {
    applying(DepthwiseConvolutionOperation(dilation: dilation), name)
  }
}
