import Compute

/// One model at one size on one engine: its parameters, its optimiser, and whatever the engine needs to train it.
///
/// An engine takes the whole step, from images to updated parameters, so that nothing but images, labels and a record
/// crosses its border. Not for several threads at a time. Pointers are to the caller's memory, read or written before a
/// call returns. Anything that throws beside `TrainingError` and `SessionStateError` is the engine's own failure, such as
/// a device that was lost.
package protocol NetworkSession: AnyObject {
  /// Depth, height and width of an image in voxels.
  var extent: Extent3 { get }
  /// Channels of an image; every engine serves one.
  var channels: Int { get }
  /// Number of classes with the background.
  var classes: Int { get }
  /// Optimiser steps so far.
  var steps: Int { get }
  /// Parameters that never receive a gradient.
  var unusedParameters: [String] { get }

  /// Draws fresh parameters by `ParameterLayout.forEachInitialValue` and forgets all training.
  func initialize(seed: UInt64) throws

  /// One forward, loss, backward and update.
  ///
  /// - Parameters:
  ///   - images: `[N, C, D, H, W]`
  ///   - labels: `[N, D, H, W]`, classes 0 ..< K; a voxel of any other number has no loss and no gradient
  ///   - batch: N, one of the batch sizes that the session was made for
  /// - Throws: `TrainingError` before any parameter or statistic has changed.
  func step(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int, learningRate: Float
  ) throws -> StepRecord

  /// Forward, loss and backward only: leaves the gradients for `exportGradients`.
  func gradients(images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int) throws -> StepRecord

  /// Classes of one case `[C, D, H, W]`, with running statistics: `[D, H, W]`, the class of the largest score, the lowest of equals.
  func predict(image: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>) throws

  /// Class scores of one case `[C, D, H, W]` before softmax, with running statistics: `[K, D, H, W]`.
  func logits(image: UnsafePointer<Float>) throws -> [Float]

  /// Everything that training changes, by PyTorch's names and in its layout, whatever the engine.
  func exportState() throws -> SessionState

  /// - Throws: `SessionStateError` before anything has changed.
  func importState(_ state: SessionState) throws

  /// Gradients of the last step, zero where a parameter never receives one.
  func exportGradients() throws -> [NamedTensor]

  /// Seconds of every call of the last step of this batch size, in order; empty where the engine does not tell.
  func timings(batch: Int) -> [CallTime]

  /// Seconds that were spent so far and would not have been, had simulated threads worked at the same time.
  var savedSeconds: Double { get }

  /// The same of the last prediction.
  var predictionTimings: [CallTime] { get }

  /// Bytes of a device's memory that this process has had at most; nil where there is no device, or it does not tell.
  var devicePeakBytes: Int? { get }
}

extension NetworkSession {
  /// One.
  package var channels: Int { 1 }
  /// 0: its threads are real.
  package var savedSeconds: Double { 0 }
  /// Empty: this engine does not tell.
  package func timings(batch: Int) -> [CallTime] { [] }
  /// Empty: this engine does not tell.
  package var predictionTimings: [CallTime] { [] }
  /// Nil: this engine has no memory but the machine's.
  package var devicePeakBytes: Int? { nil }
}

/// What one training step leaves for the journal.
package struct StepRecord: Sendable, Equatable {
  /// The batch's loss before the update, as the loss's own formula has it.
  package let loss: Double
  /// Euclidean norm of all gradients together, weight decay not included.
  package let gradientNorm: Double

  /// A record of two finite numbers: a step that is not finite throws `TrainingError` instead.
  package init(loss: Double, gradientNorm: Double) { (self.loss, self.gradientNorm) = (loss, gradientNorm) }
}

/// A step that must not change the model.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// The loss is infinite or NaN.
  case lossNotFinite(loss: Double, step: Int)
  /// The loss is finite, but the norm of all gradients is not.
  case gradientNotFinite(norm: Double, step: Int)

  /// One line: what is not finite, at which step, and that nothing has changed.
  package var description: String {
    switch self {
    case .lossNotFinite(let loss, let step): "the loss of step \(step) is \(loss); the parameters are unchanged"
    case .gradientNotFinite(let norm, let step):
      "the gradient of step \(step) has norm \(norm); the parameters are unchanged"
    }
  }
}

/// What one call of a step took.
package typealias CallTime = (label: CallLabel, seconds: Double)

/// What a call of a step was, for tables of times.
package struct CallLabel: Hashable, Sendable {
  /// The part of a step that a call belongs to; inference has `forward` and `head` only.
  package enum Phase: String, Sendable { case forward, recompute, head, backward }
  /// When in the step it ran.
  package let phase: Phase
  /// The operation's `kind`: convolution, norm, ...
  package let kind: String
  /// The layer's path; empty for an operation without parameters.
  package let name: String

  /// A label for a table of times; calls of equal labels are added up.
  package init(phase: Phase, kind: String, name: String) { (self.phase, self.kind, self.name) = (phase, kind, name) }
}
