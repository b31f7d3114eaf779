import Scheduling
import Testing
import System

@Suite struct SweepTests {
  let policy = RetryPolicy(retries: 2, firstDelay: 2, longestDelay: 3, requeueDelay: 1)

  @Test func startsInOrderAndEnds() {
    var sweep = Sweep(runs: ["a", "b"])
    #expect(sweep.nextStart(now: 0) == 0)
    sweep.started(0)
    #expect(sweep.nextStart(now: 0) == 1)
    sweep.started(1)
    #expect(sweep.nextStart(now: 0) == nil)
    sweep.ended(0, .finished, progressed: true, now: 1)
    #expect(!sweep.isOver)
    sweep.ended(1, .finished, progressed: true, now: 1)
    #expect(sweep.isOver)
    #expect(sweep.runs.map(\.state) == [.finished, .finished])
  }

  @Test func crashesAreRetriedWithGrowingPausesAndALimit() {
    var sweep = Sweep(runs: ["a"], retry: policy)
    for (crash, pause) in [(1, 2.0), (2, 3.0)] {
      let now = Double(crash) * 100
      sweep.started(0)
      sweep.ended(0, .crashed(signal: 11), progressed: false, now: now)
      #expect(sweep.nextStart(now: now + pause - 0.1) == nil)
      #expect(sweep.nextStart(now: now + pause) == 0)
    }
    sweep.started(0)
    sweep.ended(0, .failed(status: 1), progressed: false, now: 900)
    #expect(sweep.runs[0].state == .failed(.failed(status: 1)))
    #expect(sweep.isOver)
  }

  /// As of jobs that a cluster takes back now and then.
  @Test func progressUpToAnInterruptionStartsTheCountAgainToo() {
    var sweep = Sweep(runs: ["a"], retry: policy)
    for round in 0..<20 {
      sweep.started(0)
      sweep.ended(0, .lost(reason: "its node failed"), progressed: false, now: Double(round) * 100)
      sweep.started(0)
      sweep.ended(0, .interrupted, progressed: true, now: Double(round) * 100 + 50)
      #expect(sweep.runs[0].state == .waiting)
    }
  }

  @Test func whatSomebodyCancelledIsNotStartedAgain() {
    var sweep = Sweep(runs: ["a", "b"], retry: policy)
    sweep.started(0)
    sweep.ended(0, .cancelled(reason: "by hand"), progressed: true, now: 1)
    #expect(sweep.runs.map(\.state) == [.interrupted, .waiting])
    #expect(sweep.nextStart(now: 1000) == 1 && !sweep.isStopping)
  }

  @Test func progressBetweenCrashesStartsTheCountAgain() {
    var sweep = Sweep(runs: ["a"], retry: policy)
    for _ in 0..<20 {
      sweep.started(0)
      sweep.ended(0, .crashed(signal: 9), progressed: true, now: 0)
    }
    #expect(sweep.runs[0].state == .waiting)
    #expect(sweep.runs[0].crashes == 1)
  }

  @Test func refusalIsNotRetried() {
    var sweep = Sweep(runs: ["a", "b"], retry: policy)
    sweep.started(0)
    sweep.ended(0, .refused, progressed: false, now: 0)
    #expect(sweep.runs.map(\.state) == [.failed(.refused), .waiting])
    #expect(sweep.nextStart(now: 0) == 1)
  }

  @Test func failFastStopsTheRest() {
    var sweep = Sweep(runs: ["a", "b", "c"], failurePolicy: .failFast)
    sweep.started(0)
    sweep.started(1)
    sweep.ended(0, .refused, progressed: false, now: 0)
    #expect(sweep.isStopping)
    #expect(sweep.nextStart(now: 1e9) == nil)
    #expect(sweep.runs.map(\.state) == [.failed(.refused), .running, .interrupted])
    sweep.ended(1, .interrupted, progressed: true, now: 0)
    #expect(sweep.isOver)
  }

  @Test func anInterruptionFromOutsideIsRequeued() {
    var sweep = Sweep(runs: ["a"], retry: policy)
    sweep.started(0)
    sweep.ended(0, .interrupted, progressed: false, now: 5)
    #expect(sweep.nextStart(now: 5.9) == nil)
    #expect(sweep.nextStart(now: 6) == 0)
    #expect(sweep.runs[0].crashes == 0)
  }

  @Test func runsOfOtherProcessesAreLeftAloneUntilTheyEnd() {
    var sweep = Sweep(runs: ["a", "b"])
    sweep.foundElsewhere(0)
    #expect(sweep.nextStart(now: 0) == 1)
    sweep.started(1)
    sweep.ended(1, .busy, progressed: false, now: 0)
    #expect(sweep.runs.map(\.state) == [.elsewhere, .elsewhere])
    #expect(!sweep.isOver)
    sweep.foundFinished(0)
    sweep.foundFree(1)
    #expect(sweep.nextStart(now: 0) == 1)
  }

  @Test func stoppingKeepsWhatIsFinishedAndInterruptsTheRest() {
    var sweep = Sweep(runs: ["a", "b", "c", "d"])
    sweep.foundFinished(0)
    sweep.started(1)
    sweep.foundElsewhere(2)
    sweep.stop()
    #expect(sweep.runs.map(\.state) == [.finished, .running, .interrupted, .interrupted])
    #expect(!sweep.isOver)
    sweep.ended(1, .crashed(signal: 9), progressed: false, now: 0)
    #expect(sweep.runs[1].state == .interrupted)
    #expect(sweep.isOver)
  }

  @Test func startingTwiceTraps() async {
    await #expect(processExitsWith: .failure) {
      var sweep = Sweep(runs: ["a"])
      sweep.started(0)
      sweep.started(0)
    }
  }

  @Test(
    arguments: [
      (0, JobEnd.finished), (130 << 8, .interrupted), (3 << 8, .busy), (4 << 8, .refused), (1 << 8, .failed(status: 1)),
      (9, .crashed(signal: 9)), (11 | 0x80, .crashed(signal: 11)),
    ] as [(Int32, JobEnd)])
  func exitStatusIsDecoded(status: Int32, end: JobEnd) {
    #expect(JobEnd(ChildProcess.End(waitStatus: status)) == end)
  }

  @Test func delaysDoubleUpToTheLongest() {
    let policy = RetryPolicy(retries: 4, firstDelay: 1.5, longestDelay: 10)
    #expect((1...5).map { policy.delay(afterCrashes: $0) } == [1.5, 3, 6, 10, nil])
  }
}
