import CPU
import Compute
import Experiments
import Measurement
import Models
import Networks
import Testing
import Text

/// Refuses everything.
private struct NoEngine: Engine {
  var name: String { "none" }
  var hardware: String { "none" }
  func obstacle(to request: SessionRequest) -> String? { "there is none" }
  func cost(of request: SessionRequest) -> SessionCost { CPUEngine().cost(of: request) }
  func session(_ request: SessionRequest) throws -> any NetworkSession { throw WrongCall() }
  struct WrongCall: Error {}
}

@Suite struct ThroughputTests {
  @Test(
    arguments: [
      (2, 25, "2 with 1 thread each, 1 with 2 threads"),
      (1, 25, "1 with 1 thread"),
      (
        16, 25,
        "16 with 1 thread each, 8 with 2 threads each, 4 with 4 threads each, 2 with 8 threads each, 1 with 16 threads"
      ),
      (6, 25, "6 with 1 thread each, 3 with 2 threads each, 1 with 6 threads"),
      (8, 3, "3 with 2 threads each, 1 with 8 threads"),
      (8, 0, "1 with 8 threads"),
    ])
  func waysGoFromManyRunsToOne(cores: Int, most: Int, ways: String) {
    #expect(Sharing.ways(cores: cores, most: most).map(\.words).joined(separator: ", ") == ways)
  }

  /// - Returns: what is chosen where 8, 4, 2 and 1 runs at once get that much done, and how many ways were tried.
  private func chosen(_ speeds: [Double]) -> (jobs: Int, tried: Int) {
    let ways = Sharing.ways(cores: 8, most: 8)
    var left = speeds[...]
    let throughput = Throughput(ways) { _ in left.removeFirst() }
    return (throughput.best.sharing.jobs, throughput.ways.count)
  }

  @Test func theMostProductiveWayIsTaken() {
    #expect(chosen([1, 1.2, 1.5, 1.4]) == (2, 4))
    #expect(chosen([1, 0.9]) == (8, 2), "the rest is not tried")
    #expect(chosen([1, 1.2, 1.1]) == (4, 3))
    #expect(chosen([1, 1.2, 1.3, 1.6]) == (1, 4))
    #expect(chosen([1, 1.01, 1.02, 1.04]) == (8, 4), "what is as good needs no threads that wait for each other")
  }

  @Test func itSaysWhatTheOtherWaysWouldGetDone() {
    var speeds = [2.0, 1.5]
    let both = Throughput(Sharing.ways(cores: 2, most: 9)) { _ in speeds.removeFirst() }
    #expect(
      both.words(of: "SAFNet")
        == "2 at once with 1 thread each; 1 with 2 threads trains 75.0 % of its cases (measured with SAFNet)")
    speeds = [1, 2]
    let one = Throughput(Sharing.ways(cores: 2, most: 9)) { _ in speeds.removeFirst() }
    #expect(
      one.words(of: "Base")
        == "1 at once with 2 threads; 2 with 1 thread each train 50.0 % of its cases (measured with Base)")
  }

  /// Steps of several sessions at the same time, at a size of their own, and scaled as a single one's.
  @Test func networksAreTrainedAtTheSameTime() throws {
    let model = ModelConfiguration(SAFNet())
    var training = TrainingPlan()
    training.batch = 2
    func measured(_ extent: Extent3, largestStep: Int) throws -> Throughput {
      try Throughput(
        [Sharing(jobs: 2, threads: 1), Sharing(jobs: 1, threads: 2)], of: model, extent: extent, classes: 18,
        training: training, engine: CPUEngine(), largestStep: largestStep)
    }
    let whole = try measured(Extent3(4, 32, 16), largestStep: .max)
    #expect(whole.ways.count == 2 && whole.ways.allSatisfy { $0.casesPerSecond > 0 && $0.casesPerSecond.isFinite })
    // 64 times the voxels take at least 16 times as long per case, however noisy the machine.
    let scaled = try measured(Extent3(16, 128, 64), largestStep: 2_000_000_000)
    #expect(scaled.ways[0].casesPerSecond < whole.ways[0].casesPerSecond / 16)
  }

  @Test func aRefusalOfTheEngineIsThrown() {
    var training = TrainingPlan()
    training.batch = 1
    #expect(throws: EngineRefusal.self) {
      _ = try Throughput(
        [Sharing(jobs: 2, threads: 1)], of: ModelConfiguration(SAFNet()), extent: Extent3(4, 32, 16), classes: 18,
        training: training, engine: NoEngine())
    }
  }

  private func estimate(
    freeMemory: Int?, measure: Bool = true, threads: Int? = nil, epochs: Int = 1_000_000
  ) throws -> ExperimentEstimate {
    let specification = try experiment(EstimateTests.small + #","training":{"epochs":\#(epochs),"batch":4}"#)
    return try ExperimentEstimate(
      specification, classes: 18, folds: specification.foldSizes(cases: 20), engine: CPUEngine(),
      threads: threads ?? 2, cores: 2, areThreadsFixed: threads != nil, measure: measure, freeMemory: freeMemory)
  }

  @Test func plansTellRunsPerDay() throws {
    let plan = try estimate(freeMemory: nil)
    let throughput = try #require(plan.throughput)
    let speed = try #require(plan.variants[0].measurement)
    let alone = 86_400 * 5 / (try #require(plan.seconds))
    for way in throughput.ways {
      let factor = way.casesPerSecond * speed.trainingSecondsPerCase
      #expect(abs(try #require(plan.runsPerDay(way)) / (alone * factor) - 1) < 1e-12)
      #expect(abs(try #require(plan.seconds(way)) * factor / (try #require(plan.seconds)) - 1) < 1e-12)
    }
    #expect(plan.taken == throughput.best)
    let best = Quantity.rounded(try #require(plan.runsPerDay(throughput.best)))
    #expect(plan.text.contains("\nRuns per day: \(best) as \(throughput.best.sharing.words), "))
    let single = try estimate(freeMemory: 1 << 20)
    let way = try #require(single.throughput?.ways)
    #expect(way.map(\.sharing) == [Sharing(jobs: 1, threads: 2)], "two do not fit")
    let (rate, seconds) = (try #require(single.runsPerDay(way[0])), try #require(single.seconds))
    #expect(abs(rate * seconds / 432_000 - 1) < 1e-12, "5 runs of 86,400 seconds")
    #expect(single.text.contains(" as 1 with 2 threads.\n") && !single.text.contains("shares this machine"))
    #expect(try estimate(freeMemory: nil, measure: false).throughput == nil)
  }

  /// As `safnet run --threads 1`: two at once.
  @Test func plansTellTheTotalOfTheDivisionThatASweepTakes() throws {
    let fixed = try estimate(freeMemory: nil, threads: 1)
    #expect(fixed.throughput?.ways.map(\.sharing) == [Sharing(jobs: 2, threads: 1)])
    let taken = try #require(fixed.taken)
    let total = Quantity.duration(try #require(fixed.seconds(taken)))
    #expect(
      fixed.text.contains(
        ", one at a time on 1 thread; \(total) as `safnet run --threads 1` shares this machine, 2 with 1 thread each.\n"
      ))
    #expect(fixed.text.contains(" as 2 with 1 thread each (measured at the same time with SAFNet)."))
    #expect(fixed.json["sweep"]?["jobs"] == 2 && fixed.json["sweep"]?["threads"] == 1)
  }

  /// A short sweep begins without trying, and what is left out is most of a run of a moment.
  @Test func shortRunsHaveNoNumberOfADay() throws {
    let short = try estimate(freeMemory: nil, epochs: 3)
    #expect(short.taken?.sharing == Sharing(jobs: 2, threads: 1))
    #expect(
      short.text.contains(
        "\nRuns per day: not told, for the steps of a run take less than a minute, and what is left out is most of it.")
    )
  }
}
