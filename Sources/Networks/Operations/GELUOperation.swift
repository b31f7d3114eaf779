import Compute

/// Exact GELU; see `GELU`.
struct GELUOperation: Operation {
  var kind: String { "gelu" }
  func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }
  var isCheapToRecompute: Bool { true }

  func forward(_ call: ForwardCall) {
    GELU(call.outputShape, instructionSet: call.settings.instructionSet)
      .forward(x: call.inputs[0], y: call.output, pool: call.pool)
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    GELU(call.outputShape, instructionSet: call.settings.instructionSet).backward(
      x: call.inputs[0], dy: call.outputGradient, dx: target.pointer, accumulate: target.accumulate, pool: call.pool)
  }
}

extension Node {
  package func gelu() -> Node { applying(GELUOperation()) }
}
