import Compute

/// Transposed convolution of kernel and stride (1,2,2) with bias; see `TransposedConvolution`.
struct TransposedConvolutionOperation: Operation {
  let outChannels: Int
  let extent: Extent3

  var kind: String { "transposed convolution" }
  func outputShape(of inputs: [Shape]) -> Shape { plan(inputs[0]).output }

  /// PyTorch takes the fan-in of a transposed convolution from its second side.
  func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let rule = Initialization.uniform(fanIn: outChannels * 4)
    return [
      ParameterDeclaration("weight", [inputs[0].channels, outChannels, 1, 2, 2], rule),
      ParameterDeclaration("bias", [outChannels], rule),
    ]
  }

  func multiplyAdds(_ inputs: [Shape]) -> Int { plan(inputs[0]).multiplyAdds }
  var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    let own = plan(inputs[0], settings.instructionSet).scratchBytes
    return phase == .forward ? own : max(own, sums(outputShape(of: inputs)).bytes)
  }

  func forward(_ call: ForwardCall) {
    plan(call.inputShapes[0], call.settings.instructionSet).forward(
      x: call.inputs[0], weights: call.parameters[0], bias: call.parameters[1], y: call.output, scratch: call.scratch,
      pool: call.pool)
  }

  func backward(_ call: BackwardCall) {
    let (plan, dy) = (plan(call.inputShapes[0], call.settings.instructionSet), call.outputGradient)
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

  private func sums(_ output: Shape) -> ColumnSums { ColumnSums(voxels: output.voxels, outChannels) }

  private func plan(_ input: Shape, _ set: InstructionSet = .best) -> TransposedConvolution {
    TransposedConvolution(input, outChannels: outChannels, extent: extent, instructionSet: set)
  }
}

extension Node {
  /// Twice the height and width (one more where `extent` says so) by the transposed convolution `name.weight`,
  /// `name.bias`.
  package func doubled(_ outChannels: Int, to extent: Extent3, _ name: Name) -> Node {
    applying(TransposedConvolutionOperation(outChannels: outChannels, extent: extent), name)
  }
}
