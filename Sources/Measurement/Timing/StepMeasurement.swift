import Compute
import Experiments
import Models
import Networks

/// How long a network takes on this machine, found by training it for a moment.
///
/// A step at full size is timed where it is short. Otherwise the network is timed at a smaller size, and the time is
/// scaled by nominal multiply-adds, of which training takes those of three forward passes (`RunWork`).
package struct StepMeasurement: Equatable, Sendable {
  /// Seconds of one training step per case, and of one prediction, at the experiment's size.
  package let trainingSecondsPerCase: Double
  /// Seconds of the prediction of one case, at the experiment's size.
  package let predictionSeconds: Double
  /// What was timed.
  package let measuredExtent: Extent3
  /// Cases of the step that was timed.
  package let measuredBatch: Int
  /// Multiply-adds of the full step over those of the timed one; 1 when the step itself was timed.
  package let scale: Double

  /// A step of at most this many multiply-adds is timed as it is: a second or two on two cores. Much smaller ones would
  /// mostly time what does not grow with the image: packing weights, updating parameters.
  package static let largestStep = 200_000_000_000

  /// Trains and predicts for a few seconds.
  ///
  /// - Parameters:
  ///   - memory: bytes that there are; what would take more is not tried.
  ///   - largestStep: multiply-adds beyond which a smaller size is timed and scaled.
  /// - Throws: `MemoryRefusal`, and what the engine throws, an `EngineRefusal` among it.
  package init(
    _ model: ModelConfiguration, extent: Extent3, classes: Int, training: TrainingPlan, engine: any Engine,
    threads: Int,
    memory: Int = .max, largestStep: Int = StepMeasurement.largestStep
  ) throws {
    let size = TimedSize(model, extent: extent, classes: classes, training: training, largestStep: largestStep)
    let needed = size.bytes(model, classes: classes, training: training, engine: engine, threads: threads)
    if needed > memory { throw MemoryRefusal(needed: needed) }
    let session = try size.session(model, classes: classes, training: training, engine: engine, threads: threads)
    let step = try TimedSession.shortest(session.step)
    let prediction = try TimedSession.shortest(session.inference)
    (measuredExtent, measuredBatch) = (size.extent, size.batch)
    scale = size.scale * Double(training.batch) / Double(size.batch)
    trainingSecondsPerCase = step / Double(size.batch) * size.scale
    predictionSeconds = prediction * size.scale
  }
}
