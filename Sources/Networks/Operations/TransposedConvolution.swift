import Compute

/// Transposed convolution that doubles some axes: its kernel is its stride s, 1 or 2 along each, with bias.
///
///     y(s₀d + i, s₁h + j, s₂w + k) = b + W(i, j, k)ᵀ x(d, h, w),  0 ≤ i < s₀, 0 ≤ j < s₁, 0 ≤ k < s₂
///
/// - Input:   `[N, D, H, W, inChannels]`
/// - Output:  `[N, s₀D, s₁H or 2H + 1, s₂W or 2W + 1, outChannels]`; a last row or column beyond 2H or 2W holds the bias
///   alone, as with PyTorch's `output_size`
/// - Weights: `[inChannels, outChannels, s₀, s₁, s₂]`
package struct TransposedConvolution: Operation {
  /// Channels of the result.
  package let outChannels: Int
  /// The result's: that of the input times the stride; where height or width are doubled, perhaps one more.
  package let extent: Extent3
  /// s: the kernel's sides, 1 or 2 along D, H and W.
  package let stride: Extent3

  /// - Parameter extent: the result's; `outputShape` checks that the input grows to it.
  package init(outChannels: Int, extent: Extent3, stride: Extent3 = Extent3(1, 2, 2)) {
    precondition(
      [stride.depth, stride.height, stride.width].allSatisfy { 1...2 ~= $0 }, "stride \(stride) is not of 1 and 2")
    (self.outChannels, self.extent, self.stride) = (outChannels, extent, stride)
  }

  /// As tables of cost and time name it.
  package var kind: String { "transposed convolution" }

  /// `[N, extent, outChannels]`; an extent that is not about the input's times the stride traps.
  package func outputShape(of inputs: [Shape]) -> Shape {
    let from = inputs[0].extent
    precondition(
      extent.depth == from.depth * stride.depth && extent.height / stride.height == from.height
        && extent.width / stride.width == from.width,
      "\(from) does not grow by \(stride) to \(extent)")
    return Shape(batch: inputs[0].batch, extent, channels: outChannels)
  }

  /// PyTorch takes the fan-in of a transposed convolution from its second side.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let rule = Initialization.uniform(fanIn: outChannels * stride.count)
    return [
      ParameterDeclaration(
        "weight", [inputs[0].channels, outChannels, stride.depth, stride.height, stride.width], rule),
      ParameterDeclaration("bias", [outChannels], rule),
    ]
  }

  /// As many products for every input number and output channel as each input voxel reaches output voxels.
  package func multiplyAdds(_ inputs: [Shape]) -> Int {
    inputs[0].voxels * inputs[0].channels * outChannels * stride.count
  }
  /// The input for the weights' gradient; the input's own needs weights and `dy` only.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
}

extension Node {
  /// Twice the height and width (one more where `extent` says so) by the transposed convolution `name.weight`,
  /// `name.bias`.
  package func doubled(_ outChannels: Int, to extent: Extent3, _ name: Name) -> Node {
    applying(TransposedConvolution(outChannels: outChannels, extent: extent), name)
  }

  /// The extent times the stride, 1 or 2 along each axis, by the transposed convolution `name.weight`, `name.bias`.
  package func upsampled(_ outChannels: Int, by stride: Extent3, to extent: Extent3, _ name: Name) -> Node {
    applying(TransposedConvolution(outChannels: outChannels, extent: extent, stride: stride), name)
  }
}
