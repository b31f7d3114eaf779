import Compute

/// Three-dimensional convolution with "same" padding; PyTorch's `weight` and, on demand, `bias`. Formula and shapes are in
/// `ConvolutionGeometry`.
package struct Convolution: Operation {
  /// Channels of the result.
  package let outChannels: Int
  /// Taps along D, H and W; odd, so that padding is the same on both sides.
  package let kernel: Extent3
  /// Input voxels from one output voxel to the next, along D, H and W.
  package let stride: Extent3
  /// Input voxels from one tap to the next, along D, H and W.
  package let dilation: Extent3
  /// Without one where a normalisation follows, whose β shifts every channel.
  package let hasBias: Bool

  /// As tables of cost and time name it.
  package var kind: String { "convolution" }

  /// All shapes for an input.
  ///
  /// - Precondition: those of `ConvolutionGeometry`.
  package func geometry(_ input: Shape) -> ConvolutionGeometry {
    ConvolutionGeometry(input: input, outChannels: outChannels, kernel: kernel, stride: stride, dilation: dilation)
  }

  /// `[N, ⌈D/s₀⌉, ⌈H/s₁⌉, ⌈W/s₂⌉, outChannels]`.
  package func outputShape(of inputs: [Shape]) -> Shape { geometry(inputs[0]).output }

  /// `weight` `[outChannels, C, k₀, k₁, k₂]` and, where there is one, `bias` `[outChannels]`; both uniform in ±1/√(C k₀
  /// k₁ k₂), as PyTorch draws them.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let fanIn = inputs[0].channels * kernel.count
    let weight = ParameterDeclaration(
      "weight", [outChannels, inputs[0].channels, kernel.depth, kernel.height, kernel.width], .uniform(fanIn: fanIn))
    return hasBias ? [weight, ParameterDeclaration("bias", [outChannels], .uniform(fanIn: fanIn))] : [weight]
  }

  /// Output voxels times weights, products with zero padding counted.
  package func multiplyAdds(_ inputs: [Shape]) -> Int { geometry(inputs[0]).multiplyAdds }
  /// The input for the weights' gradient; the input's own needs weights and `dy` only.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
}

extension Node {
  /// Convolution `name.weight` (and `name.bias`).
  package func convolved(
    _ outChannels: Int, kernel: Extent3 = 3, stride: Extent3 = 1, dilation: Extent3 = 1, bias: Bool = false,
    _ name: Name
  ) -> Node {
    precondition(isImage || shape.channels > 1, "\(name): only the image is stored without channel padding")
    return applying(
      Convolution(
        outChannels: outChannels, kernel: kernel, stride: stride, dilation: dilation, hasBias: bias),
      name)
  }
}
