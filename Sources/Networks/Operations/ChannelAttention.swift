import Compute

/// Attention among the channels of a volume (Fig. 6, after DANet), with F the `P x C` matrix of its features:
///
///     A = softmax over rows of (Fᵀ F),  y = F Aᵀ
///
/// - Input and output: `[N, D, H, W, C]`
package struct ChannelAttention: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "channel attention" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  /// `2 N P C²`: `Fᵀ F`, and `F Aᵀ`, over the P voxels of every volume.
  package func multiplyAdds(_ inputs: [Shape]) -> Int {
    2 * inputs[0].batch * inputs[0].extent.count * inputs[0].channels * inputs[0].channels
  }

  /// The features; the attention matrices `A` are saved by forward.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
}

extension Node {
  /// Attention of this node's channels among each other, without parameters.
  package func channelAttended() -> Node { applying(ChannelAttention()) }
}
