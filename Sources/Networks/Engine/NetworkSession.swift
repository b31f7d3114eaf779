import Compute

/// One model at one size on one engine: its parameters, its optimiser, and whatever the engine needs to train it.
///
/// An engine takes the whole step, from images to updated parameters, so that nothing but images, labels and a record
/// crosses its border. Not for several threads at a time. Pointers are to the caller's memory, read or written before a
/// call returns. Anything that throws beside `TrainingError` and `SessionStateError` is the engine's own failure, such as
/// a device that was lost.
package protocol NetworkSession: AnyObject {
  var extent: Extent3 { get }
  /// Background included.
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
  ///   - images: `[N, D, H, W]`
  ///   - labels: `[N, D, H, W]`, classes 0 ..< K
  ///   - batch: N, one of the batch sizes that the session was made for
  /// - Throws: `TrainingError` before any parameter or statistic has changed.
  func step(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int, learningRate: Float
  ) throws -> StepRecord

  /// Forward, loss and backward only: leaves the gradients for `exportGradients`.
  func gradients(images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int) throws -> StepRecord

  /// Classes of one case, with running statistics: `[D, H, W]`, the class of the largest score, the lowest of equals.
  func predict(image: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>) throws

  /// Class scores of one case before softmax, with running statistics: `[K, D, H, W]`.
  func logits(image: UnsafePointer<Float>) throws -> [Float]

  /// Everything that training changes, by PyTorch's names and in its layout, whatever the engine.
  func exportState() throws -> SessionState

  /// - Throws: `SessionStateError` before anything has changed.
  func importState(_ state: SessionState) throws

  /// Gradients of the last step, zero where a parameter never receives one.
  func exportGradients() throws -> [NamedTensor]

  /// Seconds of every call of the last step of this batch size, in order; empty where the engine does not tell.
  func timings(batch: Int) -> [CallTime]

  /// The same of the last prediction.
  var predictionTimings: [CallTime] { get }
}

extension NetworkSession {
  package func timings(batch: Int) -> [CallTime] { [] }
  package var predictionTimings: [CallTime] { [] }
}

/// What one training step leaves for the journal.
package struct StepRecord: Sendable, Equatable {
  package let loss: Double
  /// Euclidean norm of all gradients, weight decay not included.
  package let gradientNorm: Double

  package init(loss: Double, gradientNorm: Double) { (self.loss, self.gradientNorm) = (loss, gradientNorm) }
}

/// A step that must not change the model.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  case lossNotFinite(loss: Double, step: Int)
  case gradientNotFinite(norm: Double, step: Int)

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
  package enum Phase: String, Sendable { case forward, recompute, head, backward }
  package let phase: Phase
  /// Of the operation.
  package let kind: String
  /// Of the layer; empty where it has none.
  package let name: String

  package init(phase: Phase, kind: String, name: String) { (self.phase, self.kind, self.name) = (phase, kind, name) }
}
