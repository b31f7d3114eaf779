import CPU
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

  /// With mirroring a mirrored image has the mirrored labels, whichever of its channels they come from.
  @Test func everyChannelIsMirroredInPrediction() throws {
    let fixture = try Fixture()
    let plan = Fixture.plan(epochs: 12) { plan in
      plan = Self.plan
      (plan.training.epochs, plan.training.learningRate) = (12, 0.01)
    }
    let run = try fixture.directory("run", plan: plan)
    #expect(try fixture.training(run, cases: Cases()).run(stop: StopFlag()) == .finished)
    let predictor = try Predictor(
      TrainedNetworks([run], choice: .best, engine: CPUEngine(), threads: 1), options: .init(mirror: true))
    let one = try Cases().load("Case9")
    func labels(_ channels: [Grid3<Float>], _ name: String) throws -> Grid3<UInt8> {
      let files = channels.indices.map { fixture.folder.appendingPathComponent("\(name)_000\($0).nii.gz") }
      for (channel, file) in zip(channels, files) { try EnsembleTests.write(channel, to: file) }
      return try predictor.predict(predictor.input(files)).labels
    }
    let seen = try labels(one.channels, "a")
    #expect(try labels(one.channels.map(\.mirrored), "b") == seen.mirrored)
    #expect(Set(seen.values).count > 1 && seen != seen.mirrored, "something is found, and not the same on both sides")
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
