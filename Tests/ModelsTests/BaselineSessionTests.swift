import CPU
import Compute
import Models
import Networks
import Testing

/// The baselines learn. They are deeper than SAFNet and narrower here, so they get more steps; the last ones are small,
/// for running statistics to settle. A tenth of the voxels may be wrong: DeepLabV3 sees 8 x 4 positions per slice.
struct BaselineSessionTests {
  @Test(arguments: smallBaselines) func overfitsOnePhantom(_ model: ModelConfiguration) throws {
    let small = SmallCase(extent: SessionTests.extent, classes: 4)
    let session = CPUSession(
      model: model, extent: SessionTests.extent, classes: 4, trainingBatches: [1], loss: .crossEntropy,
      pool: WorkerPool(threads: 2))
    session.initialize(seed: 3)
    let first = try small.step(session, rate: 1e-2).loss
    var last = first
    for _ in 0..<160 { last = try small.step(session, rate: 1e-2).loss }
    for _ in 0..<40 { last = try small.step(session, rate: 1e-3).loss }
    #expect(last < first / 20)
    let wrong = zip(small.prediction(session), small.labels).count { $0 != $1 }
    #expect(wrong * 10 < small.labels.count, "\(wrong) of \(small.labels.count) voxels wrong")
  }
}
