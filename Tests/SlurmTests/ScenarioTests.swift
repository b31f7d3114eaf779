import Foundation
import Scheduling
import Slurm
import TestSupport
import Testing

final class SilentDisplay: SweepDisplay {
  var events: [SweepEvent] = []
  func note(_ event: SweepEvent) { events.append(event) }
  func update(_ snapshot: SweepSnapshot) {}
  func close() {}
}

final class Words {
  var all: [String] = []
}

/// Whole sweeps on a cluster that does everything wrong, in no time.
struct Scenario {
  let temporary: TemporaryFolder
  let cluster: FakeCluster
  let display = SilentDisplay()
  let runs: [SweepRun]
  var site = SiteProfile()

  init(seed: UInt64, runs count: Int, faults: FakeCluster.Faults, work: ClosedRange<Double> = 40...400) throws {
    temporary = try TemporaryFolder()
    cluster = FakeCluster(seed: seed, faults: faults)
    var numbers = SeededNumbers(seed: seed ^ 0xABCD)
    let folder = temporary.url
    runs = (0..<count).map { index in
      let directory = folder.appending(path: "runs/run-\(index)")
      return SweepRun(
        name: "run-\(index)", label: "run \(index)", directory: directory, log: directory.appending(path: "run.log"),
        work: 1, memory: (index % 3 + 1) << 28)
    }
    for run in runs { cluster.need(Double.random(in: work, using: &numbers), for: run.name) }
  }

  /// What was told of a run.
  func story(of run: SweepRun) -> String {
    display.events.map(ProgressText.event).filter { $0.contains(run.label) }.joined(separator: "\n")
  }

  func executor(_ say: @escaping (String) -> Void = { _ in }) -> SlurmExecutor {
    SlurmExecutor(
      site: site, folder: BatchFolder(workspace: temporary.url, experiment: "test"), commands: cluster,
      records: cluster, clock: cluster, worker: ["/opt/safnet", "worker"], say: say)
  }

  /// One submitter, until all is over or it is told to stop.
  func run(retries: Int = 2, looking: Double = 1, words: Words = Words(), stops: () -> Int = { 0 }) -> SweepOutcome {
    var intervals = Coordinator.Intervals()
    intervals.poll = looking
    return Coordinator(
      runs: runs, sweep: Sweep(runs: runs.map(\.name), retry: RetryPolicy(retries: retries)),
      allotment: Allotment(cores: runs.count, memory: .max, memoryPerRun: 1, runs: runs.count, threads: 1),
      executor: executor { words.all.append($0) }, watcher: cluster, display: display, clock: cluster,
      intervals: intervals
    ).run(stopRequests: stops)
  }
}

@Suite struct ScenarioTests {
  /// Faults of a seed: most scenarios have some of each.
  private func faults(_ numbers: inout SeededNumbers) -> FakeCluster.Faults {
    var faults = FakeCluster.Faults()
    func some(_ most: Double) -> Double { numbers.chance(0.6) ? Double.random(in: 0..<most, using: &numbers) : 0 }
    (faults.lostAnswers, faults.emptyTables) = (some(0.5), some(0.25))
    (faults.acceptedWithoutAnswer, faults.refusedOnTheWay) = (some(0.6), some(0.4))
    (faults.suffixes, faults.nodeFailures) = (some(1), some(0.3))
    (faults.preemptions, faults.memoryKills) = (some(0.4), some(0.2))
    (faults.requeues, faults.accounting) = (numbers.chance(0.5), numbers.chance(0.5))
    faults.visibleAfter = some(85)
    faults.forgetsAfter = numbers.chance(0.3) ? 40 : 300
    faults.timeLimit = numbers.chance(0.4) ? 120 : .infinity
    faults.maxArray = Int.random(in: 3...40, using: &numbers)
    faults.maxSubmit = numbers.chance(0.3) ? Int.random(in: 4...12, using: &numbers) : .max
    return faults
  }

  @Test(arguments: 0..<25)
  func noRunIsTrainedTwiceLostOrCalledFailed(block: Int) throws {
    for seed in UInt64(block * 20)..<UInt64(block * 20 + 20) {
      var numbers = SeededNumbers(seed: seed)
      let scenario = try Scenario(seed: seed, runs: Int.random(in: 1...14, using: &numbers), faults: faults(&numbers))
      // In half of them the submitter dies twice, and another one follows.
      for _ in 0..<(seed % 2 == 0 ? 2 : 0) {
        let end = scenario.cluster.now + Double.random(in: 1..<300, using: &numbers)
        _ = scenario.run { scenario.cluster.now >= end ? 1 : 0 }
      }
      let outcome = scenario.run()
      #expect(
        outcome.failed.isEmpty,
        "seed \(seed): \(outcome.failed.map { scenario.story(of: $0) })")
      #expect(outcome.finished.count == scenario.runs.count, "seed \(seed)")
      #expect(scenario.cluster.trainedTwice == 0, "seed \(seed)")
      #expect(scenario.runs.allSatisfy { scenario.cluster.truthIsFinished($0.name) }, "seed \(seed)")
      let questions = scenario.cluster.calls["squeue"] ?? 0
      #expect(
        Double(questions) <= scenario.cluster.now / 5 + 10, "seed \(seed): \(questions) in \(scenario.cluster.now) s")
    }
  }

  @Test func questionsDoNotGrowWithTheRuns() throws {
    let counts = try [4, 64].map { runs in
      var faults = FakeCluster.Faults()
      faults.slots = runs
      let scenario = try Scenario(seed: 5, runs: runs, faults: faults, work: 600...600)
      #expect(scenario.run().finished.count == runs)
      return scenario.cluster.calls["squeue"] ?? 0
    }
    #expect(counts[1] <= counts[0] + 3, "\(counts)")
  }

  @Test func aThousandRunsAreSplitByTheLimits() throws {
    var faults = FakeCluster.Faults()
    (faults.maxArray, faults.maxSubmit, faults.slots) = (100, 250, 120)
    let scenario = try Scenario(seed: 1, runs: 1000, faults: faults, work: 40...80)
    let outcome = scenario.run(looking: 5)
    #expect(outcome.finished.count == 1000 && outcome.failed.isEmpty)
    #expect(scenario.cluster.largestArray <= 100 && scenario.cluster.mostInQueue <= 250)
    #expect(scenario.cluster.mostInQueue > 200, "\(scenario.cluster.mostInQueue)")
    #expect(scenario.cluster.longestCommand < 100_000)
  }

  @Test func aJobThatTimedOutAfterItWasTakenIsNotHandedInAgain() throws {
    var faults = FakeCluster.Faults()
    faults.acceptedWithoutAnswer = 1
    let scenario = try Scenario(seed: 3, runs: 3, faults: faults, work: 300...300)
    #expect(scenario.run().finished.count == 3)
    // Three sizes of memory are three arrays.
    #expect(scenario.cluster.calls["sbatch"] == 3)
    #expect(scenario.cluster.secondWorkers == 0)
  }

  @Test func aStopLeavesTheJobsAndTheNextSubmitterTakesThemOver() throws {
    let scenario = try Scenario(seed: 4, runs: 6, faults: .init(), work: 300...300)
    let first = scenario.run { scenario.cluster.now > 60 ? 1 : 0 }
    #expect(first.wasStopped && first.interrupted.count == 6)
    #expect(scenario.display.events.contains(.leaving(running: 6)))
    let submissions = scenario.cluster.calls["sbatch"]
    #expect(scenario.run().finished.count == 6)
    #expect(scenario.cluster.calls["sbatch"] == submissions, "nothing was handed in again")
  }

  @Test func aRunThatIsCancelledByHandIsNotStartedAgainAndTheOthersEnd() throws {
    let scenario = try Scenario(seed: 6, runs: 4, faults: .init(), work: 200...200)
    var cancelled: String?
    let outcome = scenario.run {
      if cancelled == nil, scenario.cluster.now > 50 { cancelled = scenario.cluster.cancelOne() }
      return 0
    }
    #expect(outcome.interrupted.map(\.name) == [cancelled])
    #expect(outcome.finished.count == 3 && outcome.failed.isEmpty)
    #expect(scenario.run().finished.count == 4, "a later sweep takes it up again")
  }

  @Test func aLimitShorterThanARunIsNoEnd() throws {
    for requeues in [true, false] {
      var faults = FakeCluster.Faults()
      (faults.timeLimit, faults.requeues) = (100, requeues)
      let scenario = try Scenario(seed: 7, runs: 3, faults: faults, work: 900...900)
      #expect(scenario.run().finished.count == 3)
      #expect(scenario.cluster.calls["sbatch"].map { requeues ? $0 == 3 : $0 > 20 } == true)
    }
  }

  @Test func whereEveryNodeHasFailedTheyAreUsedAgain() throws {
    var faults = FakeCluster.Faults()
    (faults.nodeFailures, faults.requeues, faults.nodes) = (0.5, false, 2)
    let scenario = try Scenario(seed: 9, runs: 6, faults: faults, work: 300...300)
    let words = Words()
    let outcome = scenario.run(words: words)
    #expect(outcome.finished.count == 6 && outcome.failed.isEmpty)
    #expect(words.all.contains { $0.hasPrefix("Slurm refuses jobs that leave out the nodes that have failed") })
  }

  @Test func aJobThatANodeCouldNotStartIsLetGoAgain() throws {
    var faults = FakeCluster.Faults()
    faults.failedLaunches = 0.4
    let (scenario, words) = (try Scenario(seed: 10, runs: 8, faults: faults, work: 60...60), Words())
    #expect(scenario.run(words: words).finished.count == 8)
    #expect(words.all.contains { $0.hasPrefix("a node could not start job ") }, "\(words.all)")
    #expect(scenario.cluster.calls["sbatch"] == 3, "one for each size of memory")
  }

  @Test func aRunThatNeverSavesAnythingIsGivenUp() throws {
    var faults = FakeCluster.Faults()
    (faults.nodeFailures, faults.requeues, faults.isHopeless) = (1, false, true)
    let scenario = try Scenario(seed: 8, runs: 1, faults: faults, work: 900...900)
    #expect(scenario.run(retries: 2).failed.count == 1)
    #expect(scenario.cluster.calls["sbatch"] == 3)
    let end = scenario.display.events.compactMap { if case .failed(_, let end) = $0 { end.reason } else { nil } }.last
    #expect(end?.contains("lost its node, which is left out from now on; Slurm's log: ") == true)
  }
}
