import Compute

/// Three-dimensional convolution with "same" padding; PyTorch's `weight` and, on demand, `bias`.
struct ConvolutionOperation: Operation {
  let outChannels: Int
  let kernel: Extent3
  let stride: Extent3
  let dilation: Extent3
  let hasBias: Bool

  var kind: String { "convolution" }

  func geometry(_ input: Shape) -> ConvolutionGeometry {
    ConvolutionGeometry(input: input, outChannels: outChannels, kernel: kernel, stride: stride, dilation: dilation)
  }

  func outputShape(of inputs: [Shape]) -> Shape { geometry(inputs[0]).output }

  func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let fanIn = inputs[0].channels * kernel.count
    let weight = ParameterDeclaration(
      "weight", [outChannels, inputs[0].channels, kernel.depth, kernel.height, kernel.width], .uniform(fanIn: fanIn))
    return hasBias ? [weight, ParameterDeclaration("bias", [outChannels], .uniform(fanIn: fanIn))] : [weight]
  }

  func multiplyAdds(_ inputs: [Shape]) -> Int { geometry(inputs[0]).multiplyAdds }
  var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    let own = convolution(inputs[0], settings).scratchBytes
    let bias = hasBias && phase == .backward ? ColumnSums(voxels: outputShape(of: inputs).voxels, outChannels).bytes : 0
    return max(own, bias)
  }

  func chosenKernel(_ inputs: [Shape], _ settings: ExecutionSettings) -> String? {
    convolution(inputs[0], settings).chosenKernel
  }

  private func convolution(_ input: Shape, _ settings: ExecutionSettings) -> Convolution {
    Convolution(
      geometry(input), precision: settings.precision, workers: settings.workers,
      instructionSet: settings.instructionSet)
  }

  func forward(_ call: ForwardCall) {
    forward(call, finish: ConvolutionFinish(bias: hasBias ? call.parameters[1] : nil), scratch: call.scratch)
  }

  /// - Parameter finish: instead of the bias alone.
  func forward(_ call: ForwardCall, finish: ConvolutionFinish, scratch: UnsafeMutableRawPointer) {
    convolution(call.inputShapes[0], call.settings).forward(
      x: call.inputs[0], weights: call.parameters[0], finish: finish, y: call.storedOutput, scratch: scratch,
      pool: call.pool)
  }

  func backward(_ call: BackwardCall) {
    let convolution = convolution(call.inputShapes[0], call.settings)
    let dy = call.storedOutputGradient
    convolution.backwardWeights(
      x: call.inputs[0], dy: dy, dWeights: call.parameterGradients[0], scratch: call.scratch, pool: call.pool)
    if let target = call.inputGradients[0] {
      convolution.backwardInput(
        dy: dy, weights: call.parameters[0], dx: target.pointer, accumulate: target.accumulate, scratch: call.scratch,
        pool: call.pool)
    }
    guard hasBias else { return }
    let sums = ColumnSums(voxels: call.outputShape.voxels, outChannels)
    sums(of: dy.floats, into: call.parameterGradients[1], call.settings, scratch: call.scratch, pool: call.pool)
  }
}

extension Node {
  /// Convolution `name.weight` (and `name.bias`).
  package func convolved(
    _ outChannels: Int, kernel: Extent3 = 3, stride: Extent3 = 1, dilation: Extent3 = 1, bias: Bool = false,
    _ name: Name
  ) -> Node {
    precondition(isImage == (shape.channels == 1), "\(name): only the image is stored without channel padding")
    return applying(
      ConvolutionOperation(
        outChannels: outChannels, kernel: kernel, stride: stride, dilation: dilation, hasBias: bias),
      name)
  }
}
