import Compute

/// Max pooling over (1,2,2); see `MaxPooling`.
struct MaxPoolingOperation: Operation {
  var kind: String { "max pooling" }
  func outputShape(of inputs: [Shape]) -> Shape { MaxPooling(inputs[0]).output }
  var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  var isCheapToRecompute: Bool { true }

  func forward(_ call: ForwardCall) {
    pooling(call.inputShapes, call.settings).forward(x: call.inputs[0], y: call.output, pool: call.pool)
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    pooling(call.inputShapes, call.settings).backward(
      x: call.inputs[0], dy: call.outputGradient, dx: target.pointer, accumulate: target.accumulate, pool: call.pool)
  }

  private func pooling(_ inputs: [Shape], _ settings: ExecutionSettings) -> MaxPooling {
    MaxPooling(inputs[0], instructionSet: settings.instructionSet)
  }
}

extension Node {
  /// Half the height and width, rounded down: the largest of every 2 x 2 voxels of a slice.
  package func maxPooled() -> Node { applying(MaxPoolingOperation()) }
}
