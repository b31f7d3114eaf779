import Foundation
import Scheduling
import Slurm
import Testing

@Suite struct CancellationTests {
  private func folder(_ scenario: Scenario) -> BatchFolder {
    BatchFolder(workspace: scenario.temporary.url, experiment: "test")
  }

  @Test func everyJobOfASweepIsEnded() throws {
    let scenario = try Scenario(seed: 11, runs: 9, faults: .init(), work: 500...500)
    _ = scenario.run { scenario.cluster.now > 60 ? 1 : 0 }
    #expect(scenario.cluster.aliveTasks == 9)
    #expect(try Cancellation(folder(scenario), scenario.cluster, clock: scenario.cluster).run() == 9)
    scenario.cluster.pause(10)
    #expect(scenario.cluster.aliveTasks == 0)
    #expect(try Cancellation(folder(scenario), scenario.cluster, clock: scenario.cluster).run() == 0)
  }

  @Test func aSubmitterThatWatchesHandsNothingInAgain() throws {
    let scenario = try Scenario(seed: 12, runs: 12, faults: .init(), work: 500...500)
    var isCancelled = false
    let outcome = scenario.run {
      if !isCancelled, scenario.cluster.now > 60 {
        isCancelled = true
        #expect(throws: Never.self) {
          try Cancellation(folder(scenario), scenario.cluster, clock: scenario.cluster).run()
        }
      }
      return 0
    }
    #expect(outcome.interrupted.count == 12 && outcome.failed.isEmpty && !outcome.wasStopped)
    #expect(scenario.cluster.calls["sbatch"] == 3)
  }

  @Test func whatWasNeverHandedInIsNotLookedFor() throws {
    let scenario = try Scenario(seed: 13, runs: 1, faults: .init())
    #expect(try Cancellation(folder(scenario), scenario.cluster, clock: scenario.cluster).run() == nil)
    #expect(scenario.cluster.calls.isEmpty)
  }

  @Test func aControllerThatNeverAnswersIsAFailure() throws {
    let scenario = try Scenario(seed: 14, runs: 2, faults: .init(), work: 500...500)
    _ = scenario.run { scenario.cluster.now > 60 ? 1 : 0 }
    scenario.cluster.faults.lostAnswers = 1
    #expect(throws: Cancellation.Failure.self) {
      try Cancellation(folder(scenario), scenario.cluster, clock: scenario.cluster).run()
    }
  }

  @Test func theStatesOfRunsAreAskedForTogetherAndNotTooOften() throws {
    let scenario = try Scenario(seed: 15, runs: 12, faults: .init(), work: 500...500)
    _ = scenario.run { scenario.cluster.now > 60 ? 1 : 0 }
    let before = scenario.cluster.calls["squeue"] ?? 0
    let states = ClusterStates(workspace: scenario.temporary.url, scenario.cluster, clock: scenario.cluster)
    let words = states.read()
    #expect(words.count == 12)
    #expect(words.values.count { $0.contains("RUNNING on node") } == 8)
    #expect(words.values.count { $0.hasSuffix("PENDING (Priority: others come first)") } == 4)
    for _ in 0..<10 { _ = states.read() }
    #expect(scenario.cluster.calls["squeue"] == before + 1)
  }
}

@Suite struct ClusterOfferTests {
  private var offer: ClusterOffer {
    var offer = ClusterOffer()
    offer.limits = ClusterLimits(scontrolConfig: "MaxArraySize = 11\nKillWait = 30 sec\n")
    offer.read(sinfo: "1-00:00:00|64|256000\n12:00:00|32+|512000+\nnonsense\n")
    return offer
  }

  @Test func theLargestOfEachIsKept() {
    #expect(offer.longest?.text == "1-00:00:00" && offer.cpus == 64 && offer.memory == 512_000 << 20)
  }

  @Test func whatAClusterHasNotIsSaid() {
    var site = SiteProfile()
    (site.time, site.cpus) = (SlurmTime("2-0"), 65)
    let found = offer.findings(site, memory: 1 << 40, tasks: 25)
    #expect(found.count == 4)
    #expect(found[0] == "error: time 2-00:00:00 is more than the partition's 1-00:00:00; give less")
    #expect(found[3] == "notice: 25 runs are handed in as 3 arrays, of 11 at most")
  }

  @Test func whatFitsIsNotMentioned() {
    var site = SiteProfile()
    site.time = SlurmTime("6:00:00")
    #expect(offer.findings(site, memory: 1 << 30, tasks: 3) == [])
  }
}
