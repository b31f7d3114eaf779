import Compute
import Experiments
import Models
import Networks

/// How long a network takes on this machine, found by training it for a moment.
///
/// A step at full size is timed where it is short. Otherwise the network is timed at a smaller size, and the time is
/// scaled by nominal multiply-adds, 3 in training for each in the forward pass (forward, and both gradients).
package struct StepMeasurement: Equatable, Sendable {
  /// Seconds of one training step per case, and of one prediction, at the experiment's size.
  package let trainingSecondsPerCase: Double
  package let predictionSeconds: Double
  /// What was timed.
  package let measuredExtent: Extent3
  package let measuredBatch: Int
  /// Multiply-adds of the full step over those of the timed one; 1 when the step itself was timed.
  package let scale: Double

  /// A step of at most this many multiply-adds is timed as it is: a second or two on two cores. Much smaller ones would
  /// mostly time what does not grow with the image: packing weights, updating parameters.
  package static let largestStep = 200_000_000_000

  package init(
    _ model: ModelConfiguration, extent: Extent3, classes: Int, training: TrainingPlan, engine: any Engine,
    threads: Int,
    largestStep: Int = StepMeasurement.largestStep
  ) throws {
    func cost(_ extent: Extent3, _ batch: Int) -> Int {
      3 * batch * model.graph(batch: 1, extent: extent, classes: classes).multiplyAdds
    }
    var (size, batch) = (extent, training.batch)
    if cost(size, batch) > largestStep { batch = 1 }
    while cost(size, batch) > largestStep, let smaller = size.halved(least: model.leastSize) { size = smaller }
    let session = try engine.checkedSession(
      SessionRequest(
        model: model, extent: size, classes: classes, trainingBatches: [batch], loss: training.loss,
        adam: training.adam, precision: training.precision, threads: threads))
    let times = try Self.time(session, batch: batch, rate: Float(training.learningRate))
    let full = Double(cost(extent, 1)) / Double(cost(size, 1))
    (measuredExtent, measuredBatch) = (size, batch)
    scale = full * Double(training.batch) / Double(batch)
    trainingSecondsPerCase = times.step / Double(batch) * full
    predictionSeconds = times.prediction * full
  }

  /// The shortest of a few repetitions after a first one that warms caches and pages.
  private static func time(
    _ session: any NetworkSession, batch: Int, rate: Float
  ) throws -> (step: Double, prediction: Double) {
    try session.initialize(seed: 1)
    let voxels = batch * session.extent.count
    var stream = RandomStream(seed: 1, purpose: .test)
    let images = (0..<voxels).map { _ in stream.nextUniform(in: -1...1) }
    let labels = (0..<voxels).map { UInt8($0 % session.classes) }
    var prediction = [UInt8](repeating: 0, count: session.extent.count)
    let step = try shortest {
      _ = try session.step(images: images, labels: labels, batch: batch, learningRate: rate)
    }
    return (step, try shortest { try session.predict(image: images, into: &prediction) })
  }

  private static func shortest(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    try body()
    let start = clock.now
    var best = Double.infinity
    for _ in 0..<5 where clock.now - start < .seconds(1) {
      let time = try clock.measure(body)
      best = min(best, time / .seconds(1))
    }
    return best
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
