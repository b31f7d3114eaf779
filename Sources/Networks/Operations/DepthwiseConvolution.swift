import Compute

/// Depthwise convolution in the slice plane: kernel (1,7,7), stride 1, "same" padding, every channel by itself.
///
///     y(h, w, c) = b(c) + Σ W(c, i, j) x(h + (i − 3) dilation, w + (j − 3) dilation, c)
///
/// - Input and output: `[N, D, H, W, C]`
/// - Weights: `[C, 1, 1, 7, 7]`
package struct DepthwiseConvolution: Operation {
  package let dilation: Int

  package var kind: String { "depthwise convolution" }
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let channels = inputs[0].channels
    return [
      ParameterDeclaration("weight", [channels, 1, 1, 7, 7], .uniform(fanIn: 49)),
      ParameterDeclaration("bias", [channels], .uniform(fanIn: 49)),
    ]
  }

  package func multiplyAdds(_ inputs: [Shape]) -> Int { inputs[0].voxels * inputs[0].channels * 49 }
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
}

extension Node {
  /// Depthwise convolution `name.weight`, `name.bias`: every channel by itself, 7 x 7 in the plane.
  package func convolvedDepthwise(dilation: Int = 1, _ name: Name) -> Node {
    applying(DepthwiseConvolution(dilation: dilation), name)
  }
}
