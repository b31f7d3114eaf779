import Compute

/// Layer norm over the channels of each voxel; see `LayerNormalization`. ConvNeXt's epsilon, 1e-6.
struct LayerNormalizationOperation: Operation {
  private static let epsilon: Float = 1e-6

  var kind: String { "layer norm" }
  func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let channels = inputs[0].channels
    return [
      ParameterDeclaration("weight", [channels], .constant(1)), ParameterDeclaration("bias", [channels], .constant(0)),
    ]
  }

  var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }
  var isCheapToRecompute: Bool { true }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    phase == .forward ? 0 : norm(inputs, settings).scratchBytes
  }

  func forward(_ call: ForwardCall) {
    norm(call.inputShapes, call.settings).forward(
      x: call.inputs[0], gamma: call.parameters[0], beta: call.parameters[1], y: call.output, pool: call.pool)
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { preconditionFailure("layer norm of an input without gradient") }
    norm(call.inputShapes, call.settings).backward(
      x: call.inputs[0], gamma: call.parameters[0], dy: call.outputGradient, dx: target.pointer,
      accumulate: target.accumulate, dGamma: call.parameterGradients[0], dBeta: call.parameterGradients[1],
      scratch: call.scratch, pool: call.pool)
  }

  private func norm(_ inputs: [Shape], _ settings: ExecutionSettings) -> LayerNormalization {
    LayerNormalization(inputs[0], epsilon: Self.epsilon, instructionSet: settings.instructionSet)
  }
}

extension Node {
  /// Layer norm `name.weight`, `name.bias` over channels.
  package func layerNormalized(_ name: Name) -> Node {
    precondition(!isImage, "\(name): layer norm of the image's single channel is constant")
    return applying(LayerNormalizationOperation(), name)
  }
}
