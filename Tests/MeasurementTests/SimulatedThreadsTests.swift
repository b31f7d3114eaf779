import CPU
import Compute
import Models
import Networks
import Testing

@Suite struct SimulatedThreadsTests {
  /// Seven simulated threads compute what one computes, bit for bit.
  @Test func aStepHasTheSameBits() throws {
    var model = SAFNet()
    (model.width, model.stem, model.attentionReduction) = (16, [8, 16], 8)
    let extent = Extent3(3, 32, 16)
    func state(_ pool: WorkerPool) throws -> (SessionState, saved: Double) {
      let session = CPUSession(model: model, extent: extent, classes: 4, trainingBatches: [2], pool: pool)
      session.initialize(seed: 3)
      let images = (0..<2 * extent.count).map { Float($0 % 97) / 97 }
      let labels = (0..<2 * extent.count).map { UInt8($0 / 31 % 4) }
      for _ in 0..<2 { _ = try session.step(images: images, labels: labels, batch: 2, learningRate: 1e-3) }
      // The times of calls are those of workers at the same time, so none is below nothing.
      #expect(session.timings(batch: 2).allSatisfy { $0.seconds > -1e-6 })
      return (session.exportState(), session.savedSeconds)
    }
    let (one, seven) = (try state(WorkerPool(threads: 1)), try state(WorkerPool(simulating: 7)))
    #expect(one.0 == seven.0)
    #expect(one.saved == 0 && seven.saved > 0)
  }
}
