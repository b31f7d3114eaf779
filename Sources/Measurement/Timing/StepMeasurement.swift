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
  /// - Parameter largestStep: multiply-adds beyond which a smaller size is timed and scaled.
  /// - Throws: what the engine throws, an `EngineRefusal` among it.
  package init(
    _ model: ModelConfiguration, extent: Extent3, classes: Int, training: TrainingPlan, engine: any Engine,
    threads: Int,
    largestStep: Int = StepMeasurement.largestStep
  ) throws {
    func cost(_ extent: Extent3, _ batch: Int) -> Int {
      RunWork.passesPerTrainedCase * batch * model.graph(batch: 1, extent: extent, classes: classes).multiplyAdds
    }
    var (size, batch) = (extent, training.batch)
    if cost(size, batch) > largestStep { batch = 1 }
    while cost(size, batch) > largestStep, let smaller = size.halved(least: model.leastSize) { size = smaller }
    let session = try TimedSession(
      SessionRequest(
        training, model: model, extent: size, classes: classes, trainingBatches: [batch], threads: threads),
      on: engine, learningRate: Float(training.learningRate))
    let step = try TimedSession.shortest(session.step)
    let prediction = try TimedSession.shortest(session.inference)
    let full = Double(cost(extent, 1)) / Double(cost(size, 1))
    (measuredExtent, measuredBatch) = (size, batch)
    scale = full * Double(training.batch) / Double(batch)
    trainingSecondsPerCase = step / Double(batch) * full
    predictionSeconds = prediction * full
  }
}

extension Extent3 {
  /// Half of the longest side that can be halved; in-plane sides first, because networks stride there.
  fileprivate func halved(least: Extent3) -> Extent3? {
    if height >= width, height / 2 >= least.height { return Extent3(depth, height / 2, width) }
    if width / 2 >= least.width { return Extent3(depth, height, width / 2) }
    if height / 2 >= least.height { return Extent3(depth, height / 2, width) }
    return depth / 2 >= max(1, least.depth) ? Extent3(depth / 2, height, width) : nil
  }
}
