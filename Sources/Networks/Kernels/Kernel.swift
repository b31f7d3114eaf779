import Compute

/// One operation at fixed shapes, ready to run: how a backend does what an `Operation` describes.
///
/// Bound once, when a program is planned, so that a call neither looks anything up nor allocates. It has no memory for
/// activations of its own; every call brings what is planned for it. It may run on any number of threads; its bits must
/// not depend on them.
package protocol Kernel {
  /// Which of several ways serves these shapes, in words; nil where there is only one.
  var choice: String? { get }
  /// Bytes that forward leaves for backward and `commit`.
  var savedBytes: Int { get }
  /// Bytes of scratch that the phase needs, all threads together; `recompute` has those of forward.
  func scratchBytes(_ phase: Phase) -> Int
  /// How often a call goes over its tensors, for the benchmark's table of bytes.
  func passes(_ call: Passes.Call) -> Passes

  /// Inputs, by their place, that it can read before their normalisation, which it then applies wherever it reads them.
  var normalizedInputs: Set<Int> { get }
  /// Inputs, by their place, whose channels it can read from several activations, each perhaps before its normalisation;
  /// their gradients it writes as many.
  var joinedInputs: Set<Int> { get }

  /// Writes the output and what is saved.
  func forward(_ call: ForwardCall)
  /// Writes the output again from inputs and saved values.
  func recompute(_ call: ForwardCall)
  /// Writes the gradients of all parameters, and writes or adds those of the inputs that somebody needs.
  func backward(_ call: BackwardCall)
  /// Updates statistics from saved values, once a step is known to be sound.
  func commit(_ call: CommitCall)
}

extension Kernel {
  /// Nil: there is one way only.
  package var choice: String? { nil }
  /// 0: backward reads activations alone.
  package var savedBytes: Int { 0 }
  /// 0: no memory besides inputs and results.
  package func scratchBytes(_ phase: Phase) -> Int { 0 }
  /// None: what is read was normalised before.
  package var normalizedInputs: Set<Int> { [] }
  /// None: what is read lies in one piece.
  package var joinedInputs: Set<Int> { [] }
  /// Once over everything.
  package func passes(_ call: Passes.Call) -> Passes { Passes() }
  /// Runs forward again, whose results and saved values are then the same.
  package func recompute(_ call: ForwardCall) { forward(call) }
  /// Nothing: there are no statistics.
  package func commit(_ call: CommitCall) {}
}

/// A kernel whose output its readers can make of its input themselves, number by number. Where all of them do, it is never
/// written.
package protocol NormalizationKernel: Kernel {
  /// Writes what is saved alone.
  func measure(_ call: ForwardCall)
  /// What readers apply to the input, from what `measure` saved.
  func pending(_ saved: UnsafeMutableRawPointer) -> PendingNormalization
}

/// What has a kernel for every operation; schedule and memory plan ask it for bytes.
package protocol Backend: Sendable {
  /// - Parameter inputs: the shapes of the operation's inputs.
  func kernel(for operation: any Operation, inputs: [Shape]) -> any Kernel
  /// Bytes of scratch for a network's end: loss and gradient, or classification.
  ///
  /// - Parameters:
  ///   - supervised: what the last operation writes, as deep as the image, in the plane perhaps coarser; then the class
  ///     scores of deep supervision.
  ///   - extent: the image's.
  ///   - loss: nil where the network only predicts.
  func headScratchBytes(supervised: [Shape], extent: Extent3, loss: AnyLoss?) -> Int
  /// Whether convolutions round to bfloat16, so that training may store what they hand to normalisations in it.
  var roundsConvolutions: Bool { get }
}

/// Which of a kernel's calls scratch memory is for; `recompute` uses that of `forward`.
package enum Phase: Sendable { case forward, backward }

/// Training normalises with the batch's statistics and saves for backward; inference uses running statistics.
package enum Mode: Sendable { case training, inference }
