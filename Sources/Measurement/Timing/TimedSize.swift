import Compute
import Experiments
import Models
import Networks

/// What is timed in place of a training step: that step where it is short, else a smaller one of the same network.
struct TimedSize {
  let extent: Extent3
  let batch: Int
  /// Multiply-adds of a case at the experiment's size over those of a case at this one.
  let scale: Double

  /// - Parameter largestStep: multiply-adds beyond which a step is not timed as it is.
  init(
    _ model: ModelConfiguration, extent: Extent3, classes: Int, training: TrainingPlan, largestStep: Int
  ) {
    func cost(_ extent: Extent3, _ batch: Int) -> Int {
      RunWork.passesPerTrainedCase * batch
        * model.graph(
          batch: 1, extent: extent, classes: classes, channels: model.channels
        ).multiplyAdds
    }
    var (size, batch) = (extent, training.batch)
    if cost(size, batch) > largestStep { batch = 1 }
    while cost(size, batch) > largestStep, let smaller = size.halved(least: model.leastSize) { size = smaller }
    (self.extent, self.batch) = (size, batch)
    scale = Double(cost(extent, 1)) / Double(cost(size, 1))
  }

  /// A session that trains it.
  func session(
    _ model: ModelConfiguration, classes: Int, training: TrainingPlan, engine: any Engine, threads: Int
  ) throws -> TimedSession {
    try TimedSession(
      request(model, classes, training, threads), on: engine, learningRate: Float(training.learningRate))
  }

  /// Bytes of such a session.
  func bytes(
    _ model: ModelConfiguration, classes: Int, training: TrainingPlan, engine: any Engine, threads: Int
  ) -> Int {
    engine.cost(of: request(model, classes, training, threads)).trainingBytes
  }

  private func request(
    _ model: ModelConfiguration, _ classes: Int, _ training: TrainingPlan, _ threads: Int
  ) -> SessionRequest {
    SessionRequest(
      training, model: model, extent: extent, classes: classes, trainingBatches: [batch], threads: threads)
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

/// A network whose step cannot be timed here: it takes more memory than there is.
package struct MemoryRefusal: Error, Equatable {
  /// Bytes of the step that would have been timed.
  package let needed: Int
}
