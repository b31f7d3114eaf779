import Compute

/// Attention among the channels of a volume (Fig. 6, after DANet), with F the `P x C` matrix of its features:
///
///     A = softmax over rows of (Fᵀ F),  y = F Aᵀ
///
/// - Input and output: `[N, D, H, W, C]`
package struct ChannelAttention: Operation {
  package var kind: String { "channel attention" }
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  package func multiplyAdds(_ inputs: [Shape]) -> Int {
    2 * inputs[0].batch * inputs[0].extent.count * inputs[0].channels * inputs[0].channels
  }

  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
}

extension Node {
  package func channelAttended() -> Node { applying(ChannelAttention()) }
}
