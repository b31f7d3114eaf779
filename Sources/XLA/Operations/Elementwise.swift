import Networks

extension ImageInput: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation { preconditionFailure("the image is an argument") }
}

extension Addition: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let sum = WrittenOperation(call.inputs[0] + call.inputs[1]) { .init(inputs: [$0, $0]) }
    return rectifies ? sum.followed(by: .rectified(sum.output)) : sum
  }
}

extension Multiplication: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let (a, b) = (call.inputs[0], call.inputs[1])
    guard a.shape != b.shape else { return WrittenOperation(a * b) { .init(inputs: [$0 * b, $0 * a]) } }
    let gate = a.reshaped([a.shape[0], a.shape[4]]).spread(to: b.shape, at: [Side.batch, Side.channels])
    return WrittenOperation(gate * b) {
      .init(inputs: [($0 * b).sum(over: Side.voxels).reshaped(a.shape), $0 * gate])
    }
  }
}

extension WrittenOperation {
  /// `max(0, x)`; the gradient passes where the result is positive.
  static func rectified(_ x: Value) -> WrittenOperation {
    let y = x.maximum(x.splat(0))
    return WrittenOperation(y) { $0.kept(where: y.compared("GT", 0)) }
  }

  /// `x` where it is positive, else `slope · x`.
  static func leaky(_ x: Value, slope: Double) -> WrittenOperation {
    let positive = x.compared("GT", 0)
    return WrittenOperation(positive.select(x, x * slope)) { positive.select($0, $0 * slope) }
  }
}

extension Rectifier: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation { .rectified(call.x) }
}

extension LeakyRectifier: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation { .leaky(call.x, slope: Double(slope)) }
}

extension Sigmoid: XLAOperation {
  /// `dx = dy y (1 − y)`.
  func written(_ call: OperationCall) -> WrittenOperation {
    let (y, rest) = (call.x.logistic, (-call.x).logistic)
    return WrittenOperation(y) { $0 * y * rest }
  }
}

extension GELU: XLAOperation {
  /// `y = x Φ(x)`, `dx = dy (Φ(x) + x φ(x))`.
  func written(_ call: OperationCall) -> WrittenOperation {
    let x = call.x
    let below = ((x * 0.5.squareRoot()).errorFunction + 1) * 0.5
    return WrittenOperation(x * below) { dy in
      let density = (x * x * -0.5).exponential * (1 / (2 * Double.pi).squareRoot())
      return dy * (below + x * density)
    }
  }
}

extension Concatenation: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let widths = call.inputs.map { $0.shape[Side.channels] }
    return WrittenOperation(.joined(call.inputs, along: Side.channels)) { dy in
      var start = 0
      return .init(
        inputs: widths.map { width in
          defer { start += width }
          return dy.sliced(start..<start + width, along: Side.channels)
        })
    }
  }
}
