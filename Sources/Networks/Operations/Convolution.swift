import Compute

/// Three-dimensional convolution with "same" padding; PyTorch's `weight` and, on demand, `bias`. Formula and shapes are in
/// `ConvolutionGeometry`.
package struct Convolution: Operation {
  package let outChannels: Int
  package let kernel: Extent3
  package let stride: Extent3
  package let dilation: Extent3
  package let hasBias: Bool

  package var kind: String { "convolution" }

  package func geometry(_ input: Shape) -> ConvolutionGeometry {
    ConvolutionGeometry(input: input, outChannels: outChannels, kernel: kernel, stride: stride, dilation: dilation)
  }

  package func outputShape(of inputs: [Shape]) -> Shape { geometry(inputs[0]).output }

  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let fanIn = inputs[0].channels * kernel.count
    let weight = ParameterDeclaration(
      "weight", [outChannels, inputs[0].channels, kernel.depth, kernel.height, kernel.width], .uniform(fanIn: fanIn))
    return hasBias ? [weight, ParameterDeclaration("bias", [outChannels], .uniform(fanIn: fanIn))] : [weight]
  }

  package func multiplyAdds(_ inputs: [Shape]) -> Int { geometry(inputs[0]).multiplyAdds }
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
}

extension Node {
  /// Convolution `name.weight` (and `name.bias`).
  package func convolved(
    _ outChannels: Int, kernel: Extent3 = 3, stride: Extent3 = 1, dilation: Extent3 = 1, bias: Bool = false,
    _ name: Name
  ) -> Node {
    precondition(isImage == (shape.channels == 1), "\(name): only the image is stored without channel padding")
    return applying(
      Convolution(
        outChannels: outChannels, kernel: kernel, stride: stride, dilation: dilation, hasBias: bias),
      name)
  }
}
