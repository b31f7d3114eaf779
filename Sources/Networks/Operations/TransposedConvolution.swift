import Compute

/// Transposed convolution that doubles H and W: kernel and stride (1,2,2), with bias.
///
///     y(2h + i, 2w + j) = b + W(i, j)ᵀ x(h, w),  i, j in {0, 1}
///
/// - Input:   `[N, D, H, W, inChannels]`
/// - Output:  `[N, D, 2H or 2H + 1, 2W or 2W + 1, outChannels]`; a last row or column beyond 2H or 2W holds the bias
///   alone, as with PyTorch's `output_size`
/// - Weights: `[inChannels, outChannels, 1, 2, 2]`
package struct TransposedConvolution: Operation {
  /// Channels of the result.
  package let outChannels: Int
  /// The result's: the input's depth, and twice its height and width or one more.
  package let extent: Extent3

  /// - Parameter extent: the result's; `outputShape` checks that the input doubles to it.
  package init(outChannels: Int, extent: Extent3) { (self.outChannels, self.extent) = (outChannels, extent) }

  /// As tables of cost and time name it.
  package var kind: String { "transposed convolution" }

  /// `[N, extent, outChannels]`; an extent that is not about twice the input's traps.
  package func outputShape(of inputs: [Shape]) -> Shape {
    let from = inputs[0].extent
    precondition(
      extent.depth == from.depth && extent.height / 2 == from.height && extent.width / 2 == from.width,
      "\(from) does not double to \(extent)")
    return Shape(batch: inputs[0].batch, extent, channels: outChannels)
  }

  /// PyTorch takes the fan-in of a transposed convolution from its second side.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let rule = Initialization.uniform(fanIn: outChannels * 4)
    return [
      ParameterDeclaration("weight", [inputs[0].channels, outChannels, 1, 2, 2], rule),
      ParameterDeclaration("bias", [outChannels], rule),
    ]
  }

  /// Four products for every input number and output channel: each input voxel reaches four output voxels.
  package func multiplyAdds(_ inputs: [Shape]) -> Int { inputs[0].voxels * inputs[0].channels * outChannels * 4 }
  /// The input for the weights' gradient; the input's own needs weights and `dy` only.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
}

extension Node {
  /// Twice the height and width (one more where `extent` says so) by the transposed convolution `name.weight`,
  /// `name.bias`.
  package func doubled(_ outChannels: Int, to extent: Extent3, _ name: Name) -> Node {
    applying(TransposedConvolution(outChannels: outChannels, extent: extent), name)
  }
}
