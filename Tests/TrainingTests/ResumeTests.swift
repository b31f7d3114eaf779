import Experiments
import Foundation
import Store
import Synchronization
import Testing
import Training
import Volumes

/// An interrupted run ends in the bits of an undisturbed one.
@Suite struct ResumeTests {
  /// Three epochs of three steps; then two test cases.
  let plan = Fixture.plan()
  /// What an undisturbed run comes to; trained once for all tests.
  static let undisturbed = Result {
    let fixture = try Fixture()
    return try RunResult(of: fixture.undisturbed(Fixture.plan()))
  }

  @Test(arguments: 1...14)
  func stoppedOnceAnywhere(stopAfter: Int) throws {
    let fixture = try Fixture()
    let wanted = try Self.undisturbed.get()
    let run = try fixture.directory("stopped", plan: plan)
    let finished = try fixture.runPart(run, stopAfter: stopAfter, threads: 1)
    #expect(try finished || run.state() == .interrupted)
    #expect(try fixture.training(run, threads: 2).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: wanted) == [])
  }

  @Test func stoppedAfterEveryStep() throws {
    let fixture = try Fixture()
    let wanted = try Self.undisturbed.get()
    let run = try fixture.directory("stopped", plan: plan)
    var parts = 0
    while try !fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1 + parts % 2) {
      parts += 1
      try #require(parts < 30)
    }
    #expect(parts == 9)
    #expect(try RunResult(of: run).differences(from: wanted) == [])
    let interruptions = try Journal.read(run.journal).count { if case .interrupted = $0.event { true } else { false } }
    #expect(interruptions == parts)
  }

  /// Asked in the middle of a validation, a worker leaves after the case it is at; all of it is made again.
  @Test func stoppedDuringValidation() throws {
    let fixture = try Fixture()
    let plan = Fixture.plan { plan in
      plan.fold = Fold(number: 1, train: plan.fold.train, validation: ["Case8", "Case9"], test: ["Case10"])
    }
    let wanted = try RunResult(of: fixture.undisturbed(plan))
    let run = try fixture.directory("stopped", plan: plan)
    let stop = StopFlag()
    let seen = Mutex<[String]>([])
    let source = StoppingCases(stop: stop, last: "Case8") { name in seen.withLock { $0.append(name) } }
    let training = try fixture.training(run, cases: source)
    #expect(try training.run(stop: stop) == .interrupted)
    #expect(seen.withLock { $0.last == "Case8" && !$0.contains("Case9") })
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: wanted) == [])
  }

  /// A copy of the directory at any instant is what a kill at that instant leaves.
  @Test(arguments: 1...14)
  func killedAnywhere(at report: Int) throws {
    let fixture = try Fixture()
    let run = try fixture.directory("killed", plan: plan)
    let remains = RunDirectory(fixture.folder.appendingPathComponent("remains", isDirectory: true))
    let reports = Mutex(0)
    _ = try fixture.training(run).run(stop: StopFlag()) { _ in
      reports.withLock { count in
        count += 1
        if count == report { try? FileManager.default.copyItem(at: run.url, to: remains.url) }
      }
    }
    #expect(try remains.state() == .stale)
    #expect(try fixture.training(remains).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: remains).differences(from: RunResult(of: run)) == [])
  }

  /// Moments, averages, schedule and early end are in the checkpoint or follow from it.
  @Test func everyRecipeStopsAndGoesOn() throws {
    let fixture = try Fixture()
    let plan = Fixture.plan(epochs: 6) { plan in
      (plan.training.optimiser.rule, plan.training.optimiser.clip) = (.sgd, 0.05)
      (plan.training.optimiser.average, plan.training.earlyStopping) = (0.8, 2)
      (plan.training.schedule.kind, plan.training.schedule.warmUp) = (.poly, 2)
    }
    let wanted = try RunResult(of: fixture.undisturbed(plan, name: "whole"))
    let run = try fixture.directory("stopped", plan: plan)
    var parts = 0
    while try !fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1 + parts % 2) {
      parts += 1
      try #require(parts < 60)
    }
    #expect(try RunResult(of: run).differences(from: wanted) == [])
    #expect(wanted.networks["last averaged_parameters"]?.isEmpty == false)
    #expect(parts == 3 * wanted.epochs.count)
  }

  @Test func aDamagedCheckpointIsPassedOverWithANotice() throws {
    let fixture = try Fixture()
    let wanted = try Self.undisturbed.get()
    let run = try fixture.directory("damaged", plan: plan)
    _ = try fixture.runPart(run, stopAfter: 8, threads: 1)
    var bytes = try Data(contentsOf: run.lastCheckpoint)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: run.lastCheckpoint)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: wanted) == [])
    let notices = try run.notices()
    #expect(notices.count == 1 && notices[0].contains("last.h5 is damaged"))
  }

  /// The other run still stands beside this one, or nobody knows its plan.
  @Test(arguments: [true, false]) func aCheckpointOfAnotherPlanIsSetAside(isKnown: Bool) throws {
    let fixture = try Fixture()
    let otherPlan = Fixture.plan { $0.training.batch = 2 }
    let other = try fixture.undisturbed(otherPlan, name: "other")
    let run = try fixture.directory("run", plan: plan)
    let foreign = try Data(contentsOf: other.lastCheckpoint)
    try foreign.write(to: run.lastCheckpoint)
    if !isKnown { try FileManager.default.removeItem(at: other.url) }
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: Self.undisturbed.get()) == [])
    let place = "last.of-\(otherPlan.identity.prefix(12)).h5"
    let difference = isKnown ? "training.batch: was 2, is 3" : "plan: was "
    let notices = try run.history().notices
    #expect(notices.contains { $0.contains("(\(difference)") && $0.hasSuffix(" and is \(place) now") }, "\(notices)")
    #expect(try Data(contentsOf: run.url.appending(path: place)) == foreign)
  }

  /// What mends a damaged network mends one of another run: it is made again from the last checkpoint.
  @Test func aBestNetworkOfAnotherRunCostsNoTraining() throws {
    let fixture = try Fixture()
    let other = try fixture.undisturbed(Fixture.plan { $0.training.batch = 2 }, name: "other")
    let run = try fixture.directory("run", plan: plan)
    _ = try fixture.training(run).run(stop: StopFlag())
    try Data(contentsOf: other.bestCheckpoint).write(to: run.bestCheckpoint)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try run.isWhole() && RunResult(of: run).differences(from: Self.undisturbed.get()) == [])
  }

  /// A release that trains to the same bits goes on without asking.
  @Test func anotherReleaseGoesOn() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: plan)
    _ = try fixture.runPart(run, stopAfter: 5, threads: 1)
    #expect(try fixture.training(run, version: "newer").run(stop: StopFlag()) == .finished)
    #expect(try run.notices().isEmpty)
  }

  @Test func anotherNumericsVersionIsRefusedUnlessMixed() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: plan)
    _ = try fixture.runPart(run, stopAfter: 5, threads: 1)
    let next = NumericsVersion(rawValue: NumericsVersion.current.rawValue + 1)
    var training = try fixture.training(run)
    training.numericsVersion = next
    let error = #expect(throws: RunError.self) { try training.run(stop: StopFlag()) }
    #expect(error == .otherNumerics(run: "run", begun: .current, now: next))
    training.mixesNumerics = true
    #expect(try training.run(stop: StopFlag()) == .finished)
    #expect(
      try run.notices() == [
        "goes on with \(next) after \(NumericsVersion.current): not the bits of an undisturbed run"
      ])
    #expect(try run.history().numerics == [.current, next])
    #expect(try CheckpointFile.read(run.lastCheckpoint).numericsVersion == next)
  }

  /// As any program up to 0.1.0 left it.
  @Test func anUnrecordedNumericsVersionIsRefusedToo() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: plan)
    _ = try fixture.runPart(run, stopAfter: 5, threads: 1)
    var checkpoint = try CheckpointFile.read(run.lastCheckpoint)
    checkpoint.numericsVersion = nil
    try CheckpointFile.write(checkpoint, to: run.lastCheckpoint)
    let error = #expect(throws: RunError.self) { try fixture.training(run).run(stop: StopFlag()) }
    #expect(error == .otherNumerics(run: "run", begun: nil, now: .current))
    #expect(isFinal(error!))
  }

  /// What is damaged behind the checkpoint's position happens again; that it was damaged is told.
  @Test func aDamagedEndOfTheJournalIsCutOffWithANotice() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("damaged", plan: plan)
    _ = try fixture.runPart(run, stopAfter: 8, threads: 1)
    var bytes = try Data(contentsOf: run.journal)
    bytes[bytes.count - 30] ^= 1
    try bytes.write(to: run.journal)
    let line = try Journal.scan(run.journal).events.count + 1
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: Self.undisturbed.get()) == [])
    #expect(try run.notices().count == 1)
    #expect(try run.notices()[0].contains("the checksum of line \(line) does not match"))
    #expect(try run.notices()[0].hasSuffix("What followed was cut off and happens again."))
  }
}
