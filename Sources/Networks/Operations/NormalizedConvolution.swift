import Compute

/// A convolution, the batch normalisation behind it by known statistics, and the ReLU behind that where there is one: what
/// inference makes of the three, without a pass over memory for the last two.
///
///     y = s (W ∗ x) + s (b − μ) + β,  s = γ / √(σ² + ε),  μ and σ² the running statistics
struct NormalizedConvolution: Operation {
  let convolution: ConvolutionOperation
  let norm: BatchNormalization
  /// What the parameters of the two are called.
  let names: (convolution: Name, norm: Name)

  var kind: String { "convolution+\(norm.kind)" }
  func outputShape(of inputs: [Shape]) -> Shape { convolution.outputShape(of: inputs) }

  func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    convolution.parameters(of: inputs).map { $0.named(names.convolution) }
      + norm.parameters(of: [outputShape(of: inputs)]).map { $0.named(names.norm) }
  }

  func statistics(of inputs: [Shape]) -> [StatisticDeclaration] {
    norm.statistics(of: [outputShape(of: inputs)]).map { $0.named(names.norm) }
  }

  func multiplyAdds(_ inputs: [Shape]) -> Int { convolution.multiplyAdds(inputs) }

  func chosenKernel(_ inputs: [Shape], _ settings: ExecutionSettings) -> String? {
    convolution.chosenKernel(inputs, settings)
  }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    2 * finishBytes(inputs) + convolution.scratchBytes(inputs, phase, settings)
  }

  /// Of the scales, and of the biases.
  private func finishBytes(_ inputs: [Shape]) -> Int {
    outputShape(of: inputs).paddedChannels * MemoryLayout<Float>.stride
  }

  func forward(_ call: ForwardCall) {
    precondition(call.mode == .inference, "training normalises with the batch's own statistics")
    let scale = call.scratch.assumingMemoryBound(to: Float.self)
    let bias = (call.scratch + finishBytes(call.inputShapes)).assumingMemoryBound(to: Float.self)
    let (gamma, beta) = (call.parameters[call.parameters.count - 2], call.parameters[call.parameters.count - 1])
    let (mean, variance) = (call.statistics[0], call.statistics[1])
    for channel in 0..<call.outputShape.channels {
      let factor = BatchNormalization.scale(gamma[channel], variance[channel])
      let before = convolution.hasBias ? Double(call.parameters[1][channel]) : 0
      scale[channel] = Float(factor)
      bias[channel] = Float(factor * (before - Double(mean[channel])) + Double(beta[channel]))
    }
    convolution.forward(
      call, finish: ConvolutionFinish(scale: scale, bias: bias, rectifies: norm.rectifies),
      scratch: call.scratch + 2 * finishBytes(call.inputShapes))
  }

  func backward(_ call: BackwardCall) { preconditionFailure("\(kind) has no gradient: it serves inference only") }
}
