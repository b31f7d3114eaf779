import Compute

/// Attention among the positions of a volume (Fig. 5, after DANet): every position mixes the values of all others.
///
///     y_i = Σ_j softmax_j(q_i · k_j) v_j
///
/// - Inputs: queries and keys `[N, D, H, W, c]`, values `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, C]`
package struct PositionAttention: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "position attention" }

  /// The values' shape; queries and keys must be of one shape and have the values' batch and extent.
  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0] == inputs[1] && inputs[0].batch == inputs[2].batch && inputs[0].extent == inputs[2].extent,
      "queries \(inputs[0]), keys \(inputs[1]) and values \(inputs[2]) do not belong together")
    return inputs[2]
  }

  /// `N P² (c + C)` over the P positions of a volume: scores, then mixing.
  package func multiplyAdds(_ inputs: [Shape]) -> Int {
    inputs[0].batch * inputs[0].extent.count * inputs[0].extent.count * (inputs[0].channels + inputs[2].channels)
  }

  /// All three inputs; the P² attention weights of a volume are computed again, some rows at a time.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0, 1, 2]) }

  /// Queries and keys where there is a single position: softmax over it is constantly 1.
  package func inputsWithoutGradient(_ inputs: [Shape]) -> Set<Int> { inputs[0].extent.count == 1 ? [0, 1] : [] }
}

extension Node {
  /// Attention of `queries` over `keys`, mixing `self`.
  package func attended(queries: Node, keys: Node) -> Node {
    queries.applying(PositionAttention(), with: [keys, self])
  }
}
