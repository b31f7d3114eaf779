import Foundation
import Testing

import Store

@Suite struct NumericsVersionTests {
  private static func worker(_ number: Int?) -> WorkerRecord {
    WorkerRecord(
      host: "h", pid: 1, threads: 1, instructionSet: "avx2", programVersion: "0.1",
      numericsVersion: number.map { NumericsVersion(rawValue: $0) }, attempt: 1)
  }

  private static func resumed(_ number: Int?) -> JournalEvent {
    .resumed(ResumeRecord(worker: worker(number), epoch: 1, stepInEpoch: 0))
  }

  @Test func everyWorkerSinceTheLastStartFromNothingContributes() {
    let events: [JournalEvent] = [
      .started(Self.worker(1)), .started(Self.worker(nil)), .epoch(Fixture.epoch(1)), Self.resumed(2),
      Self.resumed(2), Self.resumed(3),
    ]
    let history = RunHistory(events.map { TimedEvent(time: Date(timeIntervalSince1970: 0), event: $0) })
    #expect(history.numerics == [nil, NumericsVersion(rawValue: 2), NumericsVersion(rawValue: 3)])
    #expect(RunHistory().numerics == [])
  }

  @Test func isABareNumberInJournals() throws {
    let lines = String(decoding: try Fixture.journal([.started(Self.worker(4))]), as: UTF8.self)
    #expect(lines.contains(#""numericsVersion":4"#))
    #expect(!String(decoding: try Fixture.journal([.started(Self.worker(nil))]), as: UTF8.self).contains("numerics"))
  }

  @Test func words() {
    #expect(NumericsVersion.words(NumericsVersion(rawValue: 2)) == "numerics version 2")
    #expect(NumericsVersion.words(nil) == "an unrecorded numerics version")
  }
}
