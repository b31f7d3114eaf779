import Foundation
import Store
import TestSupport
import Testing

@Suite struct RunHistoryTests {
  private func history(_ events: [JournalEvent]) -> RunHistory {
    RunHistory(
      events.enumerated().map {
        TimedEvent(time: Date(timeIntervalSince1970: 1_700_000_000 + Double($0.offset)), event: $0.element)
      })
  }

  private func epoch(_ number: Int, monitor: Double, seconds: Double = 2) -> JournalEvent {
    .epoch(
      EpochRecord(
        epoch: number, trainingLoss: 1, learningRate: 1e-3, validationDice: [], meanDice: nil, monitor: monitor,
        seconds: seconds))
  }

  @Test func everyEventLeavesTheRunInItsState() {
    let states: [RunState] = [.stale, .stale, .stale, .interrupted, .stale, .failed, .stale, .finished]
    for (count, state) in zip(1..., states) {
      let history = history(Array(Fixture.events.prefix(count)))
      #expect(history.state(isLocked: false) == state, "after \(count) events")
      #expect(history.state(isLocked: true) == (state == .finished ? .finished : .running))
    }
    #expect(RunHistory().state(isLocked: false) == .queued && RunHistory().state(isLocked: true) == .running)
  }

  @Test func oneOfEachKindIsTakenOver() {
    let history = history(Fixture.events)
    #expect(history.workers == [Fixture.worker, Fixture.worker])
    #expect(history.epochs == [Fixture.epoch(1)])
    #expect(history.failure?.message == "no space" && history.attempt == 2)
    #expect(history.evaluation?.cases == 6 && history.finish?.peakMemory == 1 << 30)
    #expect(history.seconds == 99.5)
    #expect(history.lastEvent?.time == Date(timeIntervalSince1970: 1_700_000_007))
  }

  @Test func untilItIsFinishedTheEpochsAreItsTime() {
    #expect(history([epoch(1, monitor: 0.5), epoch(2, monitor: 0.4, seconds: 3)]).seconds == 5)
    #expect(RunHistory().seconds == 0)
  }

  @Test func theFirstOfTheBestEpochsIsTheBest() {
    let history = history([
      epoch(1, monitor: 0), epoch(2, monitor: 0.5), epoch(3, monitor: 0.5), epoch(4, monitor: 0.1),
    ])
    #expect(history.best == Checkpoint.Best(epoch: 2, monitor: 0.5))
    #expect(RunHistory().best == nil)
  }

  @Test func aDamagedJournalIsToldUpToTheDamage() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      #expect(try run.history() == RunHistory())
      var data = try Fixture.journal(Array(Fixture.events.prefix(3)))
      data[data.count - 20] ^= 1
      try data.write(to: run.journal)
      let history = try run.history()
      #expect(history.epochs == [Fixture.epoch(1)])
      #expect(history.damage == .damaged(file: run.journal.path, .line(3)))
      #expect(try run.state() == .stale)
    }
  }
}
