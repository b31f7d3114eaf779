import Compute

/// `y = x σ(a)` with one `a` per voxel; see `AttentionGate`.
struct AttentionGateOperation: Operation {
  var kind: String { "attention gate" }

  func outputShape(of inputs: [Shape]) -> Shape {
    let (x, a) = (inputs[0], inputs[1])
    precondition(
      a.channels == 1 && a.batch == x.batch && a.extent == x.extent, "\(a) does not hold one gate per voxel of \(x)")
    return x
  }

  var backwardReads: BackwardReads { BackwardReads(inputs: [0, 1]) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }
  var isCheapToRecompute: Bool { true }

  func forward(_ call: ForwardCall) {
    AttentionGate(call.outputShape, instructionSet: call.settings.instructionSet)
      .forward(x: call.inputs[0], a: call.inputs[1], y: call.output, pool: call.pool)
  }

  func backward(_ call: BackwardCall) {
    guard let dx = call.inputGradients[0], let da = call.inputGradients[1] else {
      preconditionFailure("attention gate of inputs without gradient")
    }
    AttentionGate(call.outputShape, instructionSet: call.settings.instructionSet).backward(
      x: call.inputs[0], a: call.inputs[1], dy: call.outputGradient, dx: (dx.pointer, dx.accumulate),
      da: (da.pointer, da.accumulate), pool: call.pool)
  }
}

extension Node {
  /// Every voxel's channels times one gate between 0 and 1.
  package func gated(by a: Node) -> Node { applying(AttentionGateOperation(), with: [a]) }
}
