import CPU
import Compute
import Models
import Networks
import TestSupport
import Testing

/// What every network must do, whatever it is.
struct SessionTests {
  static let extent = Extent3(3, 32, 16)

  static func session(
    _ model: ModelConfiguration, extent: Extent3 = extent, batches: [Int] = [1], precision: Precision = .float32,
    threads: Int = 2
  ) -> CPUSession {
    let session = CPUSession(
      model: model, extent: extent, classes: 4, trainingBatches: batches, precision: precision,
      pool: WorkerPool(threads: threads))
    session.initialize(seed: 3)
    return session
  }

  @Test(arguments: smallVariants) func overfitsOnePhantom(_ model: ModelConfiguration) throws {
    let small = SmallCase(extent: Self.extent, classes: 4)
    let session = Self.session(model)
    let first = try small.step(session, rate: 1e-2).loss
    var last = first
    for _ in 0..<60 { last = try small.step(session, rate: 1e-2).loss }
    #expect(last < first / 10)
    let wrong = zip(small.prediction(session), small.labels).count { $0 != $1 }
    #expect(wrong * 20 < small.labels.count, "\(wrong) of \(small.labels.count) voxels wrong")
  }

  @Test(arguments: smallModels, [Precision.float32, .bfloat16])
  func bitsDoNotDependOnThreads(_ model: ModelConfiguration, _ precision: Precision) throws {
    let small = SmallCase(extent: Self.extent, batch: 2, classes: 4)
    let states = try [1, 2, 3].map { threads in
      let session = Self.session(model, batches: [2], precision: precision, threads: threads)
      let records = try (0..<2).map { _ in try small.step(session) }
      return (records, session.exportState(), session.logits(image: small.images))
    }
    for state in states.dropFirst() {
      #expect(state.0 == states[0].0)
      #expect(state.1 == states[0].1)
      expectSameBits(state.2, states[0].2)
    }
  }
}
