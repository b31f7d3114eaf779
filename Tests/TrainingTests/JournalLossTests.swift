import CPU
import Foundation
import Store
import Testing
import Training

/// A damaged or lost journal costs no training where the checkpoints are intact.
@Suite struct JournalLossTests {
  enum Loss: String, CaseIterable {
    case lost, empty, firstLine, epochLine, twoLines, cut, anotherRuns, anotherPlans

    func strike(_ run: RunDirectory) throws {
      var data = try Data(contentsOf: run.journal)
      let ends = data.indices.filter { data[$0] == UInt8(ascii: "\n") }
      switch self {
      case .lost: return try FileManager.default.removeItem(at: run.journal)
      case .empty: data = Data()
      case .firstLine: data[5] ^= 1
      case .epochLine: data[ends[0] + 20] ^= 1
      case .twoLines: for line in [0, 1] { data[ends[line] + 20] ^= 1 }
      case .cut: data = data.prefix(ends[0] + 1)
      case .anotherRuns:
        let events = try Journal.read(run.journal).map { timed -> TimedEvent in
          guard case .epoch(var record) = timed.event else { return timed }
          record.monitor += 0.125
          return TimedEvent(time: timed.time, event: .epoch(record))
        }
        _ = try JournalWriter(url: run.journal, replacingAllBy: events)
        return
      case .anotherPlans: return try JournalLossTests.exchange(run)
      }
      try data.write(to: run.journal)
    }
  }

  /// All is as in the run's own but the plan that its lines are of.
  private static func exchange(_ run: RunDirectory) throws {
    let events = try Journal.read(run.journal).map { timed -> TimedEvent in
      guard case .started(var worker) = timed.event else { return timed }
      worker.plan = String(worker.plan?.reversed() ?? [])
      return TimedEvent(time: timed.time, event: .started(worker))
    }
    _ = try JournalWriter(url: run.journal, replacingAllBy: events)
  }

  /// Struck in the middle of the second epoch, the run ends in the bits of an undisturbed one, and says what was lost.
  @Test(arguments: Loss.allCases) func theRunGoesOn(loss: Loss) throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: Fixture.plan())
    _ = try fixture.runPart(run, stopAfter: 4, phase: .training, threads: 1)
    try loss.strike(run)
    var started = -1
    let outcome = try fixture.training(run).run(stop: StopFlag()) { beat in if started < 0 { started = beat.epoch } }
    #expect(outcome == .finished)
    #expect(started == 2, "it went on from its checkpoint")
    let history = try run.history()
    #expect(history.damage == nil && history.finishedEpochs == 3)
    let wanted = try RunResult(of: fixture.undisturbed(Fixture.plan()))
    let found = try RunResult(of: run)
    #expect(found.networks == wanted.networks && found.evaluation == wanted.evaluation)
    #expect(history.best == (try CheckpointFile.read(run.lastCheckpoint).best))
    let notices = try run.notices()
    #expect(notices.contains { $0.contains("journal.jsonl") && $0.contains("of 1 finished epochs") }, "\(notices)")
    if loss == .firstLine { #expect(history.epochs == wanted.epochs || history.epochs.count == 3) }
  }

  /// The same of a finished run: its test cases are tested again, and nothing is trained.
  @Test(arguments: [Loss.lost, .epochLine, .cut, .anotherPlans]) func aFinishedRunIsOnlyTestedAgain(loss: Loss) throws {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan())
    let (last, best) = (try Data(contentsOf: run.lastCheckpoint), try Data(contentsOf: run.bestCheckpoint))
    try loss.strike(run)
    var trained = false
    let outcome = try fixture.training(run).run(stop: StopFlag()) { if $0.phase == .training { trained = true } }
    #expect(try outcome == .finished && !trained && run.isWhole())
    #expect(try Data(contentsOf: run.lastCheckpoint) == last && Data(contentsOf: run.bestCheckpoint) == best)
    #expect(try run.state() == .finished && run.history().finishedEpochs == 3)
  }

  /// Struck again and again, it still ends.
  @Test func everyStartMayFindItStruck() throws {
    let fixture = try Fixture()
    let run = try fixture.directory("run", plan: Fixture.plan())
    for loss in [Loss.lost, .firstLine, .cut] {
      _ = try fixture.runPart(run, stopAfter: 3, phase: .training, threads: 1)
      try loss.strike(run)
    }
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    let wanted = try RunResult(of: fixture.undisturbed(Fixture.plan()))
    #expect(try RunResult(of: run).networks == wanted.networks)
  }
}

/// A finished run of which a file is lost or damaged is made whole by its worker.
@Suite struct FinishedRunMendingTests {
  enum Strike: CaseIterable {
    case flip, cut, remove
    func hit(_ file: URL) throws {
      var data = try Data(contentsOf: file)
      switch self {
      case .flip: data[data.count / 2] ^= 1
      case .cut: data = data.dropLast(7)
      case .remove: return try FileManager.default.removeItem(at: file)
      }
      try data.write(to: file)
    }
  }

  @Test(arguments: Strike.allCases, ["best.h5", "evaluation.h5"]) func itIsMadeWhole(strike: Strike, name: String)
    throws
  {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan())
    let wanted = try RunResult(of: run)
    try strike.hit(run.url.appending(path: name))
    #expect(try !run.isWhole())
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try run.isWhole() && run.state() == .finished)
    #expect(try RunResult(of: run).differences(from: wanted) == [])
    let again = try fixture.training(run).run(stop: StopFlag()) { _ in Issue.record("nothing is left to do") }
    #expect(again == .finished)
  }

  /// All checkpoints at once: from the beginning, which is said.
  @Test(arguments: Strike.allCases) func everyCheckpoint(strike: Strike) throws {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan())
    let wanted = try RunResult(of: run)
    for file in [run.bestCheckpoint, run.lastCheckpoint] { try strike.hit(file) }
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: wanted) == [])
    #expect(try run.history().notices.contains { $0.contains("trained again from the beginning") })
  }

  /// As when another of the run's own networks was copied over the tested one.
  @Test func aTestedNetworkOfAnotherEpochIsMadeAgain() throws {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan())
    let wanted = try RunResult(of: run)
    var other = try CheckpointFile.read(run.bestCheckpoint)
    other.epoch -= 1
    try CheckpointFile.write(other, to: run.bestCheckpoint)
    #expect(try !run.isWhole() && run.state() == .finished)
    let cause = "it is of epoch \(other.epoch), where that of epoch \(other.epoch + 1) must be"
    #expect(throws: StoreError.damaged(file: run.bestCheckpoint.path, .content(cause))) {
      _ = try TrainedNetworks([run], choice: .best, engine: CPUEngine(), threads: 1)
    }
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try run.isWhole() && RunResult(of: run).differences(from: wanted) == [])
  }

  /// The network that was not tested is left, and predicting with it tells the two ways on.
  @Test func theUntestedNetworkIsSaidAndNotTrainedFor() throws {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan())
    try FileManager.default.removeItem(at: run.lastCheckpoint)
    let outcome = try fixture.training(run).run(stop: StopFlag()) { _ in Issue.record("it trains") }
    #expect(outcome == .finished)
    #expect(try run.flaws(.glance).map(\.isNeeded) == [false])
  }
}
