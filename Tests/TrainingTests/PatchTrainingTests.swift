import Compute
import Experiments
import Foundation
import Store
import Synchronization
import Testing
import Training
import Volumes

/// Runs that see patches of images of many sizes.
@Suite struct PatchTrainingTests {
  static let undisturbed = Result {
    let fixture = try Fixture()
    let run = try fixture.directory("undisturbed", plan: CasesOfManySizes.plan())
    _ = try fixture.training(run, cases: CasesOfManySizes()).run(stop: StopFlag())
    return try RunResult(of: run)
  }

  /// Stops a run after so many progress reports, and goes on with other threads.
  @Test(arguments: [1, 2, 4, 5, 9, 13]) func stoppedAnywhereItEndsInTheSameBits(stopAfter: Int) throws {
    let fixture = try Fixture()
    let run = try fixture.directory("stopped", plan: CasesOfManySizes.plan())
    let stop = StopFlag()
    let reports = Mutex(0)
    _ = try fixture.training(run, cases: CasesOfManySizes()).run(stop: stop) { _ in
      let count = reports.withLock { count in
        count += 1
        return count
      }
      if count == stopAfter { stop.request("test") }
    }
    #expect(
      try fixture.training(run, cases: CasesOfManySizes(), threads: 2).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: Self.undisturbed.get()) == [])
  }

  /// Of every test case the label maps have the image's own size.
  @Test func everyImageIsPredictedInItsOwnSize() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: CasesOfManySizes.plan())
    _ = try fixture.training(run, cases: CasesOfManySizes()).run(stop: StopFlag())
    for name in ["Case9", "Case10"] {
      let truth = try CasesOfManySizes().truth(name)
      let written = try NIfTI.read(run.predictionsFolder.appendingPathComponent("\(name).nii.gz"))
      #expect(written.geometry == truth.geometry)
      let network = try NIfTI.read(run.predictionsFolder.appendingPathComponent("network-grid/\(name).nii.gz"))
      #expect(network.grid.extent == truth.labels.extent && network.grid.values == written.grid.values)
    }
  }

  /// A patch of the whole image is the whole image: the same weights to the bit, where nothing is augmented.
  @Test func aPatchOfTheImagesSizeTrainsTheSameNetwork() throws {
    let fixture = try Fixture()
    let whole = try fixture.undisturbed(Fixture.plan { $0.augmentation = nil }, name: "whole")
    let plan = Fixture.plan {
      $0.augmentation = nil
      $0.training.patch = Fixture.extent
    }
    let patches = try fixture.undisturbed(plan, name: "patches")
    let digests = try [whole, patches].map { try CheckpointFile.read($0.lastCheckpoint).weightsDigest }
    #expect(digests[0] == digests[1])
    let scores = try [whole, patches].map { try EvaluationFile.read($0.evaluationFile).scores }
    #expect(scores[0] == scores[1])
  }

  @Test func aBatchIsAFunctionOfSeedEpochAndCases() throws {
    let maker = BatchMaker(plan: CasesOfManySizes.plan(), source: CasesOfManySizes())
    let place = StepIndex(epoch: 2, step: 1)
    let batch = try maker.batch(at: place)
    #expect(batch.images.count == 3 * CasesOfManySizes.patch.count && batch.labels.count == batch.images.count)
    #expect(try maker.batch(at: place) == batch)
    #expect(try maker.batch(at: StepIndex(epoch: 3, step: 1)) != batch)
    let other = CasesOfManySizes.plan { $0.training.seed = 8 }
    #expect(try BatchMaker(plan: other, source: CasesOfManySizes()).batch(at: place) != batch)
  }

  /// With every patch forced, every patch holds a structure; with none forced, some do not.
  @Test(arguments: [0.0, 1.0]) func forcedPatchesHoldForeground(foreground: Double) throws {
    let plan = CasesOfManySizes.plan {
      $0.augmentation = nil
      $0.training.patch = Extent3(1, 4, 8)
      $0.training.foreground = foreground
    }
    let maker = BatchMaker(plan: plan, source: CasesOfManySizes())
    var empty = 0
    for epoch in 0..<10 {
      for step in 0..<3 {
        let batch = try maker.batch(at: StepIndex(epoch: epoch, step: step))
        for place in 0..<batch.count where batch.labels[place * 32..<(place + 1) * 32].allSatisfy({ $0 == 0 }) {
          empty += 1
        }
      }
    }
    #expect(foreground == 1 ? empty == 0 : empty > 10)
  }

  /// nnU-Net's rule: of a batch of 2 one, of 12 four; a batch of one by chance.
  @Test func theShareOfABatchIsRoundedAsNNUNetDoes() {
    var training = TrainingPlan()
    func forced(_ count: Int, chance: Double = 0.5) -> [Int] {
      (0..<count).filter { training.holdsForeground(place: $0, of: count, chance: chance) }
    }
    #expect(forced(2) == [1] && forced(12) == [8, 9, 10, 11] && forced(3) == [2])
    #expect(forced(1) == [] && forced(1, chance: 0.3) == [0])
    training.foreground = 0.5
    #expect(forced(3) == [2] && forced(5) == [2, 3, 4], "1.5 and 2.5 go to 2")
    training.foreground = 0
    #expect(forced(4) == [])
    training.foreground = 1
    #expect(forced(2) == [0, 1])
  }
}
