import Compute
import Experiments
import Foundation
import Networks
import Store
import Synchronization
import System
import Testing
import Training

/// A run of 25 epochs, trained once for the tests that read what it left.
private struct LearnedRun {
  let plan: Plan
  let directory: RunDirectory
  let isFinished: Bool
  let heartbeats: [Heartbeat]

  static let made = Result { try LearnedRun() }

  private init() throws {
    let fixture = try Fixture().keptUntilExit()
    plan = Fixture.plan(epochs: 25) {
      $0.augmentation = nil
      ($0.training.learningRate, $0.training.loss, $0.training.schedule.patience) = (3e-3, .crossEntropy, 10)
    }
    directory = try fixture.directory("run", plan: plan)
    let seen = Mutex<[Heartbeat]>([])
    let outcome = try fixture.training(directory).run(stop: StopFlag()) { one in seen.withLock { $0.append(one) } }
    (isFinished, heartbeats) = (outcome == .finished, seen.withLock { $0 })
  }
}

@Suite struct TrainingRunTests {
  @Test func aRunFinishesAndItsLossFalls() throws {
    let learned = try LearnedRun.made.get()
    #expect(learned.isFinished)
    #expect(try learned.directory.state() == .finished)
    let epochs = try RunResult(of: learned.directory).epochs
    #expect(epochs.map(\.epoch) == Array(1...25))
    #expect(epochs[24].trainingLoss < 0.5 * epochs[0].trainingLoss)
  }

  /// Steps of the first epoch say nothing of validation and saving.
  @Test func theTimeLeftIsToldAfterTheFirstWholeEpoch() throws {
    let beats = try LearnedRun.made.get().heartbeats
    let first = beats.filter { $0.phase != .testing && $0.epoch == 1 }
    #expect(first.contains { $0.phase == .validating } && first.allSatisfy { $0.secondsLeft == nil })
    let later = beats.filter { $0.phase == .testing || $0.epoch > 1 }
    #expect(!later.isEmpty && later.allSatisfy { ($0.secondsLeft ?? -1) >= 0 })
    #expect(beats.last?.phase == .testing && beats.last?.secondsLeft == 0)
  }

  @Test func whatItLearnedFindsTheStructuresOfTestCases() throws {
    let learned = try LearnedRun.made.get()
    let evaluation = try RunResult(of: learned.directory).evaluation
    #expect(evaluation.planIdentity == learned.plan.identity)
    #expect(evaluation.structures == ["upper", "lower"])
    #expect(evaluation.cases.map(\.name) == learned.plan.fold.test)
    let dice = evaluation.cases.compactMap(\.meanDice)
    #expect(dice.count == 2 && dice.allSatisfy { $0 > 0.7 }, "\(dice)")
  }

  @Test func predictionsStayAndTheEarlierCheckpointGoes() throws {
    let learned = try LearnedRun.made.get()
    for name in learned.plan.fold.test {
      let file = learned.directory.predictionsFolder.appendingPathComponent("\(name).nii.gz")
      #expect(FileManager.default.fileExists(atPath: file.path))
    }
    #expect(!FileManager.default.fileExists(atPath: learned.directory.previousCheckpoint.path))
  }

  @Test func heartbeatsGoFromPreparingToTheLastTest() throws {
    let seen = try LearnedRun.made.get().heartbeats
    #expect(seen.first?.phase == .preparing && seen.last?.phase == .testing)
    #expect(seen.filter { $0.phase == .training }.count == 25 * 3)
    #expect(seen.map(\.fraction) == seen.map(\.fraction).sorted())
    #expect(seen.last?.fraction == 1)
  }

  @Test func aFinishedRunIsNotTouchedAgain() throws {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan(epochs: 1))
    let journal = try Data(contentsOf: run.journal)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try Data(contentsOf: run.journal) == journal)
  }

  /// However many checkpoints stay on the way, and whichever of them training goes on from.
  @Test(arguments: [0, 1, 3])
  func keptCheckpointsChangeNoResult(kept: Int) throws {
    let fixture = try Fixture()
    let plan = Fixture.plan(epochs: 6)
    let run = try fixture.directory("run", plan: plan)
    var training = try fixture.training(run)
    training.earlierCheckpoints = kept
    let stop = StopFlag()
    let outcome = try training.run(stop: stop) { if $0.phase == .validating && $0.epoch == 5 { stop.request("test") } }
    #expect(outcome == .interrupted)
    #expect(
      run.earlierCheckpoints().map(\.lastPathComponent)
        == ["last.previous.h5", "last.previous-2.h5", "last.previous-3.h5"].prefix(kept).map { $0 })
    // All but the oldest are lost.
    for file in ([run.lastCheckpoint] + run.earlierCheckpoints()).dropLast() {
      try Data(contentsOf: file).dropLast(1).write(to: file)
    }
    #expect(try training.run(stop: StopFlag()) == .finished)
    #expect(run.earlierCheckpoints().isEmpty)
    #expect(try RunResult(of: run).differences(from: RunResult(of: fixture.undisturbed(plan))).isEmpty)
  }

  @Test func aLostEvaluationIsMadeAgain() throws {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan(epochs: 2))
    let before = try RunResult(of: run)
    try FileManager.default.removeItem(at: run.evaluationFile)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run) == before)
  }

  @Test func aLockedRunIsLeftAlone() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: Fixture.plan())
    let lock = try #require(try RunLock.acquire(run))
    #expect(try fixture.training(run).run(stop: StopFlag()) == .busy)
    lock.release()
    #expect(!FileManager.default.fileExists(atPath: run.journal.path))
  }

  /// Whoever clears locks away while a run is trained opens it to no second worker.
  @Test func aLockThatIsRemovedIsPutBack() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: Fixture.plan())
    let reports = Mutex(0)
    let outcome = try fixture.training(run).run(stop: StopFlag()) { _ in
      reports.withLock { count in
        count += 1
        if count == 3 { try? FileManager.default.removeItem(at: run.lockFile) }
        if count == 5 { #expect((try? RunLock.isHeld(run)) == true) }
      }
    }
    #expect(outcome == .finished && reports.withLock { $0 } > 5)
  }

  @Test func aRunThatAnotherHasSinceIsLeftToIt() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: Fixture.plan())
    let theirs = Mutex<FileLock?>(nil)
    let told = Mutex("")
    var training = try fixture.training(run)
    training.say = { words in told.withLock { $0 += words } }
    let outcome = try training.run(stop: StopFlag()) { progress in
      guard progress.phase == .training, progress.step == 2, theirs.withLock({ $0 == nil }) else { return }
      try? FileManager.default.removeItem(at: run.lockFile)
      let lock = try? FileLock.acquire(run.lockFile)
      _ = try? lock?.write(JSONEncoder().encode(LockHolder(host: "elsewhere", pid: 1)))
      theirs.withLock { $0 = lock }
    }
    let words = told.withLock { $0 }
    #expect(outcome == .busy && words.contains("process 1 on elsewhere trains it since"), "\(words)")
    #expect(try run.history().failure == nil && RunLock.probe(run).holder?.host == "elsewhere")
  }

  /// A run whose folder somebody removes while it is trained ends, and makes no folder anew.
  @Test(arguments: [2, 3, 12]) func aRunThatIsRemovedEnds(report: Int) throws {
    let fixture = try Fixture()
    let run = try folderLost(at: report, of: fixture) { try? FileManager.default.removeItem(at: $0) }
    #expect(!FileManager.default.fileExists(atPath: run.path))
  }

  /// Of a folder that stays, emptied, nobody makes a run's again.
  @Test(arguments: [2, 4]) func nothingIsWrittenIntoAFolderThatIsEmptied(report: Int) throws {
    let fixture = try Fixture()
    let run = try folderLost(at: report, of: fixture) { folder in
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
        try? FileManager.default.removeItem(at: folder.appending(path: name))
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path) == [])
  }

  /// The folder of a run that ends because its folder is struck at one of its reports.
  private func folderLost(at report: Int, of fixture: Fixture, strike: @escaping (URL) -> Void) throws -> URL {
    let run = try fixture.directory("run", plan: Fixture.plan())
    var reports = 0
    #expect(throws: StoreError.removed(folder: run.url.path)) {
      try fixture.training(run).run(stop: StopFlag()) { _ in
        reports += 1
        if reports == report { strike(run.url) }
      }
    }
    return run.url
  }

  @Test func divergenceFailsAtOnceWithStepAndRate() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: Fixture.plan { $0.training.learningRate = 1e38 })
    let error = #expect(throws: RunError.self) { try fixture.training(run).run(stop: StopFlag()) }
    guard case .diverged(let name, let epoch, let step, let rate, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(name == "run" && epoch == 1 && step > 1 && rate == 1e38)
    #expect(error.map(isFinal) == true)
    #expect(try run.state() == .failed)
  }

  @Test func resultsDependOnThePlanOnly() throws {
    let fixture = try Fixture()
    let first = try RunResult(of: fixture.undisturbed(Fixture.plan(), name: "a"))
    let second = try fixture.directory("b", plan: Fixture.plan())
    _ = try fixture.training(second, threads: 2).run(stop: StopFlag())
    #expect(try RunResult(of: second).differences(from: first) == [])
    let other = try RunResult(of: fixture.undisturbed(Fixture.plan { $0.training.seed = 8 }, name: "c"))
    #expect(other.differences(from: first).count == 10)
  }

  @Test func theScheduleIsObeyed() throws {
    let fixture = try Fixture()
    let plan = Fixture.plan(epochs: 6)
    let result = try RunResult(of: fixture.undisturbed(plan))
    let history = result.epochs.map(\.monitor)
    for (index, record) in result.epochs.enumerated() {
      #expect(record.learningRate == plan.training.learningRate(after: Array(history.prefix(index))))
    }
    #expect(result.epochs[5].learningRate < plan.training.learningRate)
    let constant = Fixture.plan(epochs: 6) { $0.training.schedule.factor = 1 }
    let other = try RunResult(of: fixture.undisturbed(constant, name: "constant"))
    #expect(other.differences(from: result).contains("last parameters"))
  }

  @Test func lastEpochIsTestedWhenThePlanSaysSo() throws {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan(epochs: 4) { $0.training.evaluate = .last })
    let evaluated = try Journal.read(run.journal).compactMap { timed -> Int? in
      if case .evaluated(let record) = timed.event { record.epoch } else { nil }
    }
    #expect(evaluated == [4])
  }
}
