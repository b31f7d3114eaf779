import Compute
import Experiments
import Foundation
import Store
import Testing
import Training
import Volumes

/// Training on images of two channels: what a batch holds, and that an interruption changes no bit.
@Suite struct ChannelTrainingTests {
  /// The made-up cases with a second channel, of another scale and in the other order.
  struct Cases: CaseSource {
    func load(_ name: String) throws -> PreparedCase {
      var one = try MadeUpCases().load(name)
      one.further = [Grid3(one.image.extent, values: one.image.values.reversed().map { 2 - 3 * $0 })]
      return one
    }

    func truth(_ name: String) throws -> TruthVolume { try MadeUpCases().truth(name) }
  }

  private static let plan = Fixture.plan(epochs: 2) { plan in
    let fingerprint = DatasetFingerprint(digest: "made up", cases: 10, channels: [0, 1])
    plan = Plan(
      model: plan.model, structures: plan.structures, dataset: fingerprint, preprocessing: plan.preprocessing,
      augmentation: plan.augmentation, fold: plan.fold, training: plan.training)
  }

  @Test func aBatchHoldsEveryCasesChannelsOneAfterTheOther() throws {
    var plan = Self.plan
    plan.augmentation = nil
    let batch = try BatchMaker(plan: plan, source: Cases()).batch(at: StepIndex(epoch: 0, step: 0))
    let order = EpochOrder(training: plan.training, cases: plan.fold.train.count, epoch: 0)
    let cases = try order.batches[0].map { try Cases().load(plan.fold.train[$0]) }
    #expect(batch.images == cases.flatMap { $0.image.values + $0.further[0].values })
    #expect(batch.count == 3 && batch.labels == cases.flatMap(\.labels.values))
  }

  @Test func stoppedAndResumedItEndsInTheSameBits() throws {
    let fixture = try Fixture()
    let runs = try ["whole", "stopped"].map { try fixture.directory($0, plan: Self.plan) }
    #expect(try fixture.training(runs[0], cases: Cases()).run(stop: StopFlag()) == .finished)
    let stop = StopFlag()
    let stopping = StoppingCases(stop: stop, source: Cases(), loads: 8)
    #expect(try fixture.training(runs[1], cases: stopping).run(stop: stop) == .interrupted)
    #expect(try fixture.training(runs[1], cases: Cases(), threads: 2).run(stop: StopFlag()) == .finished)
    let wanted = try RunResult(of: runs[0])
    #expect(try RunResult(of: runs[1]).differences(from: wanted) == [])
  }

  /// The channels are part of what a plan is, and the first alone is none that needs saying.
  @Test func thePlanNamesItsChannels() throws {
    let text = String(decoding: Self.plan.canonicalJSON, as: UTF8.self)
    #expect(text.contains(#""channels":[0,1]"#))
    #expect(!String(decoding: Fixture.plan().canonicalJSON, as: UTF8.self).contains("channels"))
    let read = try Plan(json: Self.plan.canonicalJSON, file: "plan")
    #expect(read == Self.plan && read.model.channels == 2)
  }

  /// Asks for a stop once so many cases were read.
  private final class StoppingCases: CaseSource, @unchecked Sendable {
    private let (stop, source): (StopFlag, any CaseSource)
    private let lock = NSLock()
    private var left: Int

    init(stop: StopFlag, source: any CaseSource, loads: Int) { (self.stop, self.source, left) = (stop, source, loads) }

    func load(_ name: String) throws -> PreparedCase {
      lock.withLock {
        left -= 1
        if left == 0 { stop.request("test") }
      }
      return try source.load(name)
    }

    func truth(_ name: String) throws -> TruthVolume { try source.truth(name) }
  }
}
