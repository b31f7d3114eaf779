import Networks

extension LayerScale: XLAOperation {
  /// `y = shortcut + scale(c) x`; the scale's gradient is `Σ dy x`.
  func written(_ call: OperationCall) -> WrittenOperation {
    let x = call.inputs[1]
    let scale = call.parameters[0].overChannels(of: x)
    return WrittenOperation(call.inputs[0] + scale * x) {
      .init(inputs: [$0, $0 * scale], parameters: [($0 * x).sum(over: Side.allButChannels)])
    }
  }
}

extension LearntScale: XLAOperation {
  /// `y = x + scale · a`, one scale for all.
  func written(_ call: OperationCall) -> WrittenOperation {
    let a = call.inputs[1]
    let scale = call.parameters[0].reshaped([]).spread(to: a.shape)
    return WrittenOperation(call.inputs[0] + scale * a) {
      .init(inputs: [$0, $0 * scale], parameters: [($0 * a).sum.reshaped([1])])
    }
  }
}

extension AttentionGate: XLAOperation {
  /// `y = x σ(a)`: `dx = dy σ(a)`, `da = σ(a) σ(−a) Σ_c dy x`.
  func written(_ call: OperationCall) -> WrittenOperation {
    let (x, a) = (call.inputs[0], call.inputs[1])
    let gate = a.logistic
    let spread = gate.reshaped(Array(a.shape.dropLast())).spread(to: x.shape, at: Side.allButChannels)
    return WrittenOperation(x * spread) { dy in
      let sums = (dy * x).sum(over: [Side.channels]).reshaped(a.shape)
      return .init(inputs: [dy * spread, gate * (-a).logistic * sums])
    }
  }
}

extension GlobalMean: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let x = call.x
    let (vector, voxels) = ([x.shape[0], x.shape[4]], Double(x.count / x.shape[0] / x.shape[4]))
    return WrittenOperation(x.mean(over: Side.voxels).reshaped([x.shape[0], 1, 1, 1, x.shape[4]])) {
      ($0 * (1 / voxels)).reshaped(vector).spread(to: x.shape, at: [Side.batch, Side.channels])
    }
  }
}

extension Broadcast: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let x = call.x
    let shape = [x.shape[0], extent.depth, extent.height, extent.width, x.shape[4]]
    let vector = x.reshaped([x.shape[0], x.shape[4]])
    return WrittenOperation(vector.spread(to: shape, at: [Side.batch, Side.channels])) {
      $0.sum(over: Side.voxels).reshaped(x.shape)
    }
  }
}
