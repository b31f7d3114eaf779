import Networks

/// Softmax along the last side, and its gradient.
private struct Softmax {
  let values: Value

  init(_ scores: Value) {
    let last = scores.shape.count - 1
    func spread(_ value: Value) -> Value { value.spread(to: scores.shape, at: Array(0..<last)) }
    let powers = (scores - spread(scores.largest(over: [last]))).exponential
    values = powers / spread(powers.sum(over: [last]))
  }

  /// `p (g − Σ g p)`.
  func gradient(_ g: Value) -> Value {
    let last = values.shape.count - 1
    let sums = (g * values).sum(over: [last])
    return values * (g - sums.spread(to: values.shape, at: Array(0..<last)))
  }
}

extension PositionAttention: XLAOperation {
  /// `A = softmax(Q Kᵀ)`, `y = A V`.
  func written(_ call: OperationCall) -> WrittenOperation {
    let (q, k, v) = (call.inputs[0].positions, call.inputs[1].positions, call.inputs[2].positions)
    let attention = Softmax(q.roundedProduct(k, over: [(2, 2)], batch: [(0, 0)]))
    let y = attention.values.roundedProduct(v, over: [(2, 1)], batch: [(0, 0)])
    return WrittenOperation(y.reshaped(call.inputs[2].shape)) { dy in
      let dy = dy.positions
      let scores = attention.gradient(dy.roundedProduct(v, over: [(2, 2)], batch: [(0, 0)]))
      let gradients = [
        scores.roundedProduct(k, over: [(2, 1)], batch: [(0, 0)]),
        scores.roundedProduct(q, over: [(1, 1)], batch: [(0, 0)]),
        attention.values.roundedProduct(dy, over: [(1, 1)], batch: [(0, 0)]),
      ]
      return .init(inputs: zip(gradients, call.inputs).map { $0.reshaped($1.shape) })
    }
  }
}

extension ChannelAttention: XLAOperation {
  /// `A = softmax(Fᵀ F)`, `y = F Aᵀ`; F is read twice by the scores and once by the mixing.
  func written(_ call: OperationCall) -> WrittenOperation {
    let features = call.x.positions
    let attention = Softmax(features.roundedProduct(features, over: [(1, 1)], batch: [(0, 0)]))
    let y = features.roundedProduct(attention.values, over: [(2, 2)], batch: [(0, 0)])
    return WrittenOperation(y.reshaped(call.x.shape)) { dy in
      let dy = dy.positions
      let scores = attention.gradient(dy.roundedProduct(features, over: [(1, 1)], batch: [(0, 0)]))
      let symmetric = scores + scores.transposed([0, 2, 1])
      let gradient =
        dy.roundedProduct(attention.values, over: [(2, 1)], batch: [(0, 0)])
        + features.roundedProduct(symmetric, over: [(2, 1)], batch: [(0, 0)])
      return gradient.reshaped(call.x.shape)
    }
  }
}
