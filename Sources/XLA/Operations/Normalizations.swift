import Networks

/// `x̂ = (x − μ) / √(σ² + ε)`, with mean and biased variance over some sides.
private struct Normalized {
  let values: Value
  let mean: Value
  let variance: Value
  private let inverse: Value
  private let sides: [Int]

  init(_ x: Value, over sides: [Int], epsilon: Double) {
    self.sides = sides
    mean = x.mean(over: sides)
    let rest = x - mean.returned(to: x.shape, without: sides)
    variance = (rest * rest).mean(over: sides)
    inverse = ((variance + epsilon).squareRoot.inverse).returned(to: x.shape, without: sides)
    values = rest * inverse
  }

  /// `dx = (g − mean g − x̂ · mean(g x̂)) / √(σ² + ε)` for the gradient g of `x̂`.
  func gradient(_ g: Value) -> Value {
    func mean(_ value: Value) -> Value { value.mean(over: sides).returned(to: g.shape, without: sides) }
    return inverse * (g - mean(g) - values * mean(g * values))
  }

  /// `γ x̂ + β`, with its gradients.
  func scaled(_ call: OperationCall, statistics: [Value] = []) -> WrittenOperation {
    let gamma = call.parameters[0].overChannels(of: values)
    return WrittenOperation((values * gamma).adding(bias: call.parameters[1]), statistics: statistics) { dy in
      .init(
        inputs: [gradient(dy * gamma)],
        parameters: [(dy * values).sum(over: Side.allButChannels), dy.sum(over: Side.allButChannels)])
    }
  }
}

extension Value {
  fileprivate var inverse: Value { splat(1) / self }

  /// A sum over `sides` again at every place of them.
  fileprivate func returned(to shape: [Int], without sides: [Int]) -> Value {
    spread(to: shape, at: shape.indices.filter { !sides.contains($0) })
  }
}

extension LayerNormalization: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    Normalized(call.x, over: [Side.channels], epsilon: Double(Self.epsilon)).scaled(call)
  }
}

extension InstanceNormalization: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let norm = Normalized(call.x, over: Side.voxels, epsilon: Self.epsilon).scaled(call)
    return slope.map { norm.followed(by: .leaky(norm.output, slope: Double($0))) } ?? norm
  }
}

extension BatchNormalization: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let norm = call.mode == .training ? byBatch(call) : byStatistics(call)
    return rectifies ? norm.followed(by: .rectified(norm.output)) : norm
  }

  /// The running statistics take the unbiased variance.
  private func byBatch(_ call: OperationCall) -> WrittenOperation {
    let norm = Normalized(call.x, over: Side.allButChannels, epsilon: Self.epsilon)
    let voxels = Double(call.x.count / call.x.shape[Side.channels])
    func running(_ old: Value, _ new: Value) -> Value { old * (1 - Self.momentum) + new * Self.momentum }
    return norm.scaled(
      call,
      statistics: [
        running(call.statistics[0], norm.mean),
        running(call.statistics[1], norm.variance * (voxels / (voxels - 1))), call.statistics[2] + 1,
      ])
  }

  /// Inference, which has no gradients.
  private func byStatistics(_ call: OperationCall) -> WrittenOperation {
    let (mean, variance) = (call.statistics[0], call.statistics[1])
    let scale = call.parameters[0] / (variance + Self.epsilon).squareRoot
    let rest = call.x - mean.overChannels(of: call.x)
    let y = (rest * scale.overChannels(of: call.x)).adding(bias: call.parameters[1])
    return WrittenOperation(y, statistics: call.statistics) { _ in preconditionFailure("inference has no gradients") }
  }
}
