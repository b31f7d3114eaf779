import Compute

/// The inputs of a call as floats, which nearly all operations read. Asking for one that is stored otherwise traps, and so
/// does asking for one that the call was not given.
package struct FloatInputs {
  fileprivate let stored: [Activation?]

  /// Input `slot` of the operation, `[N, D, H, W, C]` with channels padded to 16; the image `[N, D, H, W]`.
  package subscript(slot: Int) -> UnsafePointer<Float> {
    guard let input = stored[slot] else { preconditionFailure("backward did not say that it reads input \(slot)") }
    return input.floats
  }
}

/// The memory of one forward call. Activations are `[N, D, H, W, C]`, channels padded to 16 with zeros.
package struct ForwardCall {
  /// The inputs in the operation's order, as they are stored; `inputs` has them as floats.
  package let storedInputs: [Activation]
  /// Where the result goes, as it is stored; `output` has it as floats.
  package let storedOutput: MutableActivation
  /// What is learnt, in declaration order and PyTorch's layout.
  package let parameters: [UnsafePointer<Float>]
  /// Running statistics in declaration order. Forward reads them in inference only, and never writes them: `commit`
  /// does.
  package let statistics: [UnsafeMutablePointer<Float>]
  /// The kernel's `savedBytes`: what forward leaves for backward and `commit`.
  package let saved: UnsafeMutableRawPointer
  /// The kernel's `scratchBytes(.forward)`, 64-byte aligned, holding anything.
  package let scratch: UnsafeMutableRawPointer
  /// Which statistics a normalisation uses, and whether anything must be saved.
  package let mode: Mode
  /// The threads to use; their number must not change a bit.
  package let pool: WorkerPool

  /// A call whose memory is the caller's; pointers stay good for as long as the program that was planned with them.
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

  /// The inputs as floats; one that is stored as bfloat16 traps when it is asked for.
  package var inputs: FloatInputs { FloatInputs(stored: storedInputs) }
  /// The result as floats; traps where it is stored as bfloat16.
  package var output: UnsafeMutablePointer<Float> { storedOutput.floats }
}

/// Where a gradient goes: written, or added to what another reader of the same activation has already written.
package struct GradientTarget {
  /// The memory as it is stored; `pointer` has it as floats.
  package let stored: MutableActivation
  /// Add to what is there, because another reader of the same activation has written already.
  package let accumulate: Bool
  /// The gradients that the channels of this one are, one after the other; empty where it has memory of its own.
  package let parts: [Part]

  /// One of the gradients that are written as one.
  package struct Part {
    /// Where it goes.
    package let target: GradientTarget
    /// Channels as they are stored.
    package let channels: Int

    /// So many channels of the whole.
    package init(_ target: GradientTarget, channels: Int) { (self.target, self.channels) = (target, channels) }
  }

  /// A place for a gradient `[N, D, H, W, C]`.
  package init(_ stored: MutableActivation, accumulate: Bool) {
    (self.stored, self.accumulate, parts) = (stored, accumulate, [])
  }

  /// Places for several gradients, whose channels follow each other.
  package init(joining parts: [Part]) {
    (stored, accumulate) = (parts[0].target.stored, false)
    self.parts = parts
  }

  /// The place as floats; traps where it is stored as bfloat16, or in several parts.
  package var pointer: UnsafeMutablePointer<Float> {
    precondition(parts.isEmpty, "a gradient in several parts cannot be written as one")
    return stored.floats
  }
}

/// The memory of one backward call.
package struct BackwardCall {
  /// The inputs that `backwardReads` names, nil elsewhere, as they are stored; `inputs` has them as floats.
  package let storedInputs: [Activation?]
  /// The output where `backwardReads` names it, as it is stored; `output` has it as floats.
  package let storedOutput: Activation?
  /// dy, as it is stored; `outputGradient` has it as floats.
  package let storedOutputGradient: Activation
  /// For every input, where its gradient goes; nil where nobody needs it.
  package let inputGradients: [GradientTarget?]
  /// What is learnt, in declaration order and PyTorch's layout.
  package let parameters: [UnsafePointer<Float>]
  /// For every parameter, where its gradient goes: to be written, not added to, in the parameter's layout.
  package let parameterGradients: [UnsafeMutablePointer<Float>]
  /// What forward left in the kernel's `savedBytes`.
  package let saved: UnsafeMutableRawPointer
  /// The kernel's `scratchBytes(.backward)`, 64-byte aligned, holding anything.
  package let scratch: UnsafeMutableRawPointer
  /// The threads to use; their number must not change a bit.
  package let pool: WorkerPool

  /// A call whose memory is the caller's; pointers stay good for as long as the program that was planned with them.
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

  /// The inputs as floats; one that `backwardReads` does not name traps when it is asked for.
  package var inputs: FloatInputs { FloatInputs(stored: storedInputs) }
  /// The output as floats; nil where `backwardReads` does not name it.
  package var output: UnsafePointer<Float>? { storedOutput?.floats }
  /// dy as floats, `[N, D, H, W, C]`; traps where it is stored as bfloat16.
  package var outputGradient: UnsafePointer<Float> { storedOutputGradient.floats }
}

/// The memory of one update of running statistics.
package struct CommitCall {
  /// Running statistics in declaration order, to be updated.
  package let statistics: [UnsafeMutablePointer<Float>]
  /// What forward left in the kernel's `savedBytes`.
  package let saved: UnsafeMutableRawPointer

  /// A call that is made once a step is known to be sound.
  package init(statistics: [UnsafeMutablePointer<Float>], saved: UnsafeMutableRawPointer) {
    (self.statistics, self.saved) = (statistics, saved)
  }
}
