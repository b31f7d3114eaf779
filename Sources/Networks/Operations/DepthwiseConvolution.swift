import Compute

/// Depthwise convolution in the slice plane: kernel (1,7,7), stride 1, "same" padding, every channel by itself.
///
///     y(h, w, c) = b(c) + Σ W(c, i, j) x(h + (i − 3) dilation, w + (j − 3) dilation, c)
///
/// - Input and output: `[N, D, H, W, C]`
/// - Weights: `[C, 1, 1, 7, 7]`
package struct DepthwiseConvolution: Operation {
  /// Input voxels from one tap to the next, along H and W.
  package let dilation: Int

  /// As tables of cost and time name it.
  package var kind: String { "depthwise convolution" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  /// `weight` `[C, 1, 1, 7, 7]` and `bias` `[C]`, uniform in ±1/√49, as PyTorch draws them with one group per channel.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let channels = inputs[0].channels
    return [
      ParameterDeclaration("weight", [channels, 1, 1, 7, 7], .uniform(fanIn: 49)),
      ParameterDeclaration("bias", [channels], .uniform(fanIn: 49)),
    ]
  }

  /// 49 products for every number of the result, those with zero padding counted.
  package func multiplyAdds(_ inputs: [Shape]) -> Int { inputs[0].voxels * inputs[0].channels * 49 }
  /// The input for the weights' gradient; the input's own needs weights and `dy` only.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
}

extension Node {
  /// Depthwise convolution `name.weight`, `name.bias`: every channel by itself, 7 x 7 in the plane.
  package func convolvedDepthwise(dilation: Int = 1, _ name: Name) -> Node {
    applying(DepthwiseConvolution(dilation: dilation), name)
  }
}
