import Compute

/// The inputs of a call as floats, which nearly all operations read. Asking for one that is stored otherwise traps, and so
/// does asking for one that the call was not given.
package struct FloatInputs {
  fileprivate let stored: [Activation?]

  package subscript(slot: Int) -> UnsafePointer<Float> {
    guard let input = stored[slot] else { preconditionFailure("backward did not say that it reads input \(slot)") }
    return input.floats
  }
}

/// The memory of one forward call. Activations are `[N, D, H, W, C]`, channels padded to 16 with zeros.
package struct ForwardCall {
  /// As they are stored; see `inputs` and `output`.
  package let storedInputs: [Activation]
  package let storedOutput: MutableActivation
  /// In declaration order.
  package let parameters: [UnsafePointer<Float>]
  package let statistics: [UnsafeMutablePointer<Float>]
  package let saved: UnsafeMutableRawPointer
  package let scratch: UnsafeMutableRawPointer
  package let mode: Mode
  package let pool: WorkerPool

  package init(
    inputs: [Activation], output: MutableActivation,
    parameters: [UnsafePointer<Float>], statistics: [UnsafeMutablePointer<Float>], saved: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer, mode: Mode, pool: WorkerPool
  ) {
    storedInputs = inputs
    storedOutput = output
    self.parameters = parameters
    self.statistics = statistics
    self.saved = saved
    self.scratch = scratch
    self.mode = mode
    self.pool = pool
  }

  package var inputs: FloatInputs { FloatInputs(stored: storedInputs) }
  package var output: UnsafeMutablePointer<Float> { storedOutput.floats }
}

/// Where a gradient goes: written, or added to what another reader of the same activation has already written.
package struct GradientTarget {
  /// As it is stored; see `pointer`.
  package let stored: MutableActivation
  package let accumulate: Bool

  package init(_ stored: MutableActivation, accumulate: Bool) {
    self.stored = stored
    self.accumulate = accumulate
  }

  package var pointer: UnsafeMutablePointer<Float> { stored.floats }
}

/// The memory of one backward call.
package struct BackwardCall {
  /// Those of `backwardReads.inputs`, nil elsewhere, and the rest, as they are stored; see `inputs`, `output` and
  /// `outputGradient`.
  package let storedInputs: [Activation?]
  package let storedOutput: Activation?
  package let storedOutputGradient: Activation
  /// Nil where nobody needs the gradient.
  package let inputGradients: [GradientTarget?]
  package let parameters: [UnsafePointer<Float>]
  /// To be written, not added to.
  package let parameterGradients: [UnsafeMutablePointer<Float>]
  package let saved: UnsafeMutableRawPointer
  package let scratch: UnsafeMutableRawPointer
  package let pool: WorkerPool

  package init(
    inputs: [Activation?], output: Activation?, outputGradient: Activation,
    inputGradients: [GradientTarget?], parameters: [UnsafePointer<Float>],
    parameterGradients: [UnsafeMutablePointer<Float>], saved: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer,
    pool: WorkerPool
  ) {
    storedInputs = inputs
    storedOutput = output
    storedOutputGradient = outputGradient
    self.inputGradients = inputGradients
    self.parameters = parameters
    self.parameterGradients = parameterGradients
    self.saved = saved
    self.scratch = scratch
    self.pool = pool
  }

  package var inputs: FloatInputs { FloatInputs(stored: storedInputs) }
  package var output: UnsafePointer<Float>? { storedOutput?.floats }
  package var outputGradient: UnsafePointer<Float> { storedOutputGradient.floats }
}

/// The memory of one update of running statistics.
package struct CommitCall {
  package let statistics: [UnsafeMutablePointer<Float>]
  package let saved: UnsafeMutableRawPointer

  package init(statistics: [UnsafeMutablePointer<Float>], saved: UnsafeMutableRawPointer) {
    (self.statistics, self.saved) = (statistics, saved)
  }
}
