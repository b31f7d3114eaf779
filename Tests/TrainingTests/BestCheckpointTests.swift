import Foundation
import Store
import Testing
import Training

/// `best.h5` is what will be tested: lost, it is made again where that is possible, and never replaced by another epoch.
@Suite struct BestCheckpointTests {
  let plan = Fixture.plan()

  enum Loss: CaseIterable {
    case missing, damaged
    func strike(_ file: URL) throws {
      switch self {
      case .missing: try FileManager.default.removeItem(at: file)
      case .damaged:
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
      }
    }
  }

  /// Stopped after the first epoch, or one step later: the twin of the best is the last checkpoint, or the one before.
  @Test(arguments: Loss.allCases, [0, 1])
  func aLostBestIsMadeAgainFromItsTwin(loss: Loss, stepsLater: Int) throws {
    let fixture = try Fixture()
    let wanted = try ResumeTests.undisturbed.get()
    let run = try fixture.directory("run", plan: plan)
    try fixture.runFirstEpoch(run)
    if stepsLater == 1 { _ = try fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1) }
    let best = try CheckpointFile.read(run.bestCheckpoint)
    try loss.strike(run.bestCheckpoint)
    _ = try fixture.runPart(run, stopAfter: 1, phase: .preparing, threads: 1)
    #expect(try CheckpointFile.read(run.bestCheckpoint) == best)
    let twin = stepsLater == 0 ? "last.h5" : "last.previous.h5"
    #expect(try run.notices().last?.contains("best.h5 was made again from \(twin): ") == true)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: wanted) == [])
  }

  /// Interrupted twice within an epoch there is no twin any more: what leads to the best is trained again, to the same bits.
  @Test(arguments: Loss.allCases)
  func aLostBestWithoutATwinIsTrainedAgain(loss: Loss) throws {
    let fixture = try Fixture()
    let run = try fixture.directory("undisturbed", plan: plan)
    _ = try fixture.runPart(run, stopAfter: 4, phase: .training, threads: 1)
    _ = try fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1)
    try loss.strike(run.bestCheckpoint)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: ResumeTests.undisturbed.get()) == [])
    let notices = try run.history().notices
    #expect(notices.contains { $0.contains("the network of the best epoch") && $0.contains("is lost") }, "\(notices)")
    #expect(notices.contains { $0.hasPrefix("trained again from ") }, "\(notices)")
  }

  /// When the last epoch is tested, nothing is lost with the best.
  @Test func aLostBestIsNoErrorWhenTheLastEpochIsTested() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: Fixture.plan { $0.training.evaluate = .last })
    _ = try fixture.runPart(run, stopAfter: 4, phase: .training, threads: 1)
    _ = try fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1)
    try FileManager.default.removeItem(at: run.bestCheckpoint)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
  }

  /// Somebody has put the last one in its place, which is of a later epoch that was not the best.
  @Test func theLastCheckpointOfALaterEpochIsNoBestOne() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: plan)
    try fixture.runFirstEpoch(run)
    var later = try CheckpointFile.read(run.bestCheckpoint)
    later.epoch = 2
    try CheckpointFile.write(later, to: run.bestCheckpoint)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try run.history().notices.contains { $0.contains("best.h5 is of epoch 2, not 1") })
    #expect(try RunResult(of: run).differences(from: ResumeTests.undisturbed.get()) == [])
  }

  @Test func theBestCheckpointOfAnotherEpochIsNotTested() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: plan)
    try fixture.runFirstEpoch(run)
    var other = try CheckpointFile.read(run.bestCheckpoint)
    _ = try fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1)
    _ = try fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1)
    other.epoch = 0
    try CheckpointFile.write(other, to: run.bestCheckpoint)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try run.history().notices.contains { $0.contains("best.h5 is of epoch 0, not 1") })
    #expect(try RunResult(of: run).differences(from: ResumeTests.undisturbed.get()) == [])
  }
}
