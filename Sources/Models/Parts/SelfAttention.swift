import Networks

/// Position attention, then channel attention, each a residual with a learnt scale that starts at 0 (Fig. 5 and 6; Fu
/// 2019, DANet).
///
///     u = x + a · softmax(Q(x) K(x)ᵀ) V(x),   y = u + b · softmax(uᵀ u) u
///
/// Over a single position the first softmax is constantly 1, so query and key receive no gradient there.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, C]`
package struct SelfAttention: Layer {
  /// Queries and keys have C / reduction channels.
  package var reduction: Int

  /// - Parameter reduction: divides the input's channels.
  package init(reduction: Int) { self.reduction = reduction }

  /// Adds queries, keys and values under `name.position`, with that residual's scale, and the other scale under
  /// `name.channel`.
  package func callAsFunction(_ x: Node, _ name: Name) -> Node {
    let channels = x.shape.channels
    let position = name / "position"
    let query = x.convolved(channels / reduction, kernel: 1, bias: true, position / "query")
    let key = x.convolved(channels / reduction, kernel: 1, bias: true, position / "key")
    let value = x.convolved(channels, kernel: 1, bias: true, position / "value")
    let mixed = x.addingScaled(value.attended(queries: query, keys: key), position)
    return mixed.addingScaled(mixed.channelAttended(), name / "channel")
  }
}
