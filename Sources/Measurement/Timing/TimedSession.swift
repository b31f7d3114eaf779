import Compute
import Networks

/// A network with a made-up case at hand: the one place that finds out what a training step and an inference take, for
/// `safnet plan` and `safnet benchmark`.
final class TimedSession {
  private let session: any NetworkSession
  private let batch: Int
  private let rate: Float
  private let images: [Float]
  private let labels: [UInt8]
  private var prediction: [UInt8]

  /// - Parameter request: with the one size of batch that is timed.
  init(_ request: SessionRequest, on engine: any Engine, learningRate: Float = 1e-3) throws {
    precondition(request.trainingBatches.count == 1, "one batch is timed, not \(request.trainingBatches)")
    batch = request.trainingBatches[0]
    rate = learningRate
    session = try engine.checkedSession(request)
    try session.initialize(seed: 1)
    var stream = RandomStream(seed: 1, purpose: .test)
    let voxels = request.extent.count
    images = (0..<batch * request.channels * voxels).map { _ in stream.nextUniform(in: -1...1) }
    labels = (0..<batch * voxels).map { _ in UInt8(stream.nextUniform() * Float(request.classes)) }
    prediction = Array(repeating: 0, count: voxels)
  }

  /// Seconds of one training step.
  func step() throws -> Double {
    try seconds {
      _ = try session.step(images: images, labels: labels, batch: batch, learningRate: rate)
    }
  }

  /// Seconds of the inference of one case.
  func inference() throws -> Double {
    try seconds { try session.predict(image: images, into: &prediction) }
  }

  /// Seconds of every call of the last step.
  var calls: [CallTime] { session.timings(batch: batch) }

  /// Bytes of a device's memory that were taken at most; nil where nobody tells.
  var devicePeakBytes: Int? { session.devicePeakBytes }

  /// The shortest of a few repetitions, of at most a second, after a first one that warms caches and pages.
  static func shortest(_ seconds: () throws -> Double) rethrows -> Double {
    _ = try seconds()
    var (best, spent) = (Double.infinity, 0.0)
    for _ in 0..<5 where spent < 1 {
      let time = try seconds()
      (best, spent) = (min(best, time), spent + time)
    }
    return best
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let (start, saved) = (clock.now, session.savedSeconds)
    try body()
    let savedMeanwhile = session.savedSeconds - saved
    return (clock.now - start) / .seconds(1) - savedMeanwhile
  }
}
