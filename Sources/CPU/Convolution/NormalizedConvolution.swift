import Compute
import Networks

extension NormalizedConvolution: CPUOperation {
  /// The convolution's kernel, with scales and biases that are made of the statistics at every call.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    NormalizedConvolutionKernel(
      convolution: convolution.convolutionKernel(inputs[0], cpu), hasBias: convolution.hasBias,
      rectifies: norm.rectifies, output: outputShape(of: inputs))
  }
}

/// Scratch: scales and biases, then what the convolution needs.
private struct NormalizedConvolutionKernel: Kernel {
  let convolution: ConvolutionKernel
  let hasBias: Bool
  let rectifies: Bool
  let output: Shape

  var choice: String? { convolution.choice }
  var joinedInputs: Set<Int> { convolution.joinedInputs }
  func scratchBytes(_ phase: Phase) -> Int { 2 * finishBytes + convolution.scratchBytes(phase) }

  /// Of the scales, and of the biases.
  private var finishBytes: Int { output.paddedChannels * MemoryLayout<Float>.stride }

  func forward(_ call: ForwardCall) {
    precondition(call.mode == .inference, "training normalises with the batch's own statistics")
    let scale = call.scratch.assumingMemoryBound(to: Float.self)
    let bias = (call.scratch + finishBytes).assumingMemoryBound(to: Float.self)
    let (gamma, beta) = (call.parameters[call.parameters.count - 2], call.parameters[call.parameters.count - 1])
    let (mean, variance) = (call.statistics[0], call.statistics[1])
    for channel in 0..<output.channels {
      let factor = BatchNormalization.scale(gamma[channel], variance[channel])
      let before = hasBias ? Double(call.parameters[1][channel]) : 0
      scale[channel] = Float(factor)
      bias[channel] = Float(factor * (before - Double(mean[channel])) + Double(beta[channel]))
    }
    convolution.forward(
      call, finish: ConvolutionFinish(scale: scale, bias: bias, rectifies: rectifies),
      scratch: call.scratch + 2 * finishBytes)
  }

  func backward(_ call: BackwardCall) {
    preconditionFailure("a convolution with known statistics has no gradient: it serves inference only")
  }
}
