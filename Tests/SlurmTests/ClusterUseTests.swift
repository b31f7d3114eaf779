import Foundation
import Slurm
import TestSupport
import Testing

@Suite struct ClusterUseTests {
  private typealias Start = TaskUse.Start
  private let temporary: TemporaryFolder
  private let folder: BatchFolder

  init() throws {
    temporary = try TemporaryFolder()
    folder = BatchFolder(workspace: temporary.url, experiment: "study")
  }

  private func site(_ change: (inout SiteProfile) -> Void = { _ in }) -> SiteProfile {
    var site = SiteProfile()
    (site.cpus, site.time, site.warning) = (4, SlurmTime("10:00:00"), 120)
    change(&site)
    return site
  }

  private func handIn(
    _ number: Int, _ site: SiteProfile, memory: Int = 2 << 30, _ starts: [[Start]?]
  ) throws {
    let runs = starts.indices.map { "run-\(number)-\($0)" }
    let batch = RunBatch(
      number: number, name: folder.jobName(number), memory: memory, runs: runs, attempts: runs.map { _ in 0 },
      asked: .init(site))
    try folder.write(batch, script: "")
    for (task, starts) in starts.enumerated() {
      guard let starts else { continue }
      try JSONEncoder().encode(TaskUse(starts: starts)).write(to: folder.useFile(number, task: task))
    }
  }

  private func start(
    wall: Double, cpu: Double, gibibytes: Double, _ end: TaskUse.End = .finished
  ) -> Start {
    Start(wallSeconds: wall, cpuSeconds: cpu, peakBytes: Int(gibibytes * 0x1p30), end: end)
  }

  @Test func muchTooMuchIsToldWithLessToAskFor() throws {
    try handIn(
      1, site(), [[start(wall: 3600, cpu: 7200, gibibytes: 1)], [start(wall: 1800, cpu: 3600, gibibytes: 0.5)]])
    let use = try #require(ClusterUse(folder))
    #expect(
      use.lines == [
        "What the cluster's jobs used of what they asked for (2 runs, 2 starts):",
        "  processors  4 each, 50 % of their time used",
        "  memory      1.00 GiB at most of 2.00 GiB (50 %)",
        "  time        1 h 00 min at most of 10:00:00 (10 %)",
        "The site's file could have: \"cpus\": 3, \"memoryMargin\": 1.0, \"time\": \"01:30:00\"",
      ], "\(use.lines)")
  }

  @Test func whatFitsIsLeftAlone() throws {
    try handIn(1, site(), [[start(wall: 30_000, cpu: 100_000, gibibytes: 1.5)]])
    #expect(ClusterUse(folder)?.lines.last == "The site's file asks for what is needed.")
  }

  @Test func nearlyAllTheMemoryWantsMore() throws {
    try handIn(1, site(), [[start(wall: 30_000, cpu: 100_000, gibibytes: 1.95)]])
    #expect(ClusterUse(folder)?.proposal == ["\"memoryMargin\": 1.9"])
    try handIn(2, site { $0.memory = 2 }, [[start(wall: 30_000, cpu: 100_000, gibibytes: 1.95)]])
    #expect(ClusterUse(folder)?.proposal == ["\"memory\": 2.50"])
  }

  @Test func theFullestTaskCountsWhateverItAskedFor() throws {
    try handIn(1, site(), memory: 8 << 30, [[start(wall: 30_000, cpu: 100_000, gibibytes: 5)]])
    try handIn(2, site(), memory: 1 << 30, [[start(wall: 30_000, cpu: 100_000, gibibytes: 0.8)]])
    #expect(ClusterUse(folder)?.lines.contains("  memory      819 MiB at most of 1.00 GiB (80 %)") == true)
  }

  /// What was cut short says nothing of how long it would have taken.
  @Test func aLimitThatWasMetIsNotMadeShorter() throws {
    try handIn(
      1, site(),
      [[start(wall: 100, cpu: 390, gibibytes: 1.5, .interrupted), start(wall: 90, cpu: 350, gibibytes: 1.5)]])
    let use = try #require(ClusterUse(folder))
    #expect(use.proposal.isEmpty && use.lines[3].hasSuffix("; jobs went on once"), "\(use.lines)")
  }

  @Test func aSiteWithoutALimitGetsOne() throws {
    try handIn(1, site { $0.time = nil }, [[start(wall: 1000, cpu: 3900, gibibytes: 1.5)]])
    #expect(ClusterUse(folder)?.proposal == ["\"time\": \"00:30:00\""])
  }

  /// Never less than twice the warning, which the site's file would not be taken with.
  @Test func aProposedLimitLeavesRoomForItsWarning() throws {
    try handIn(1, site { $0.warning = 3600 }, [[start(wall: 300, cpu: 1190, gibibytes: 1.5)]])
    #expect(ClusterUse(folder)?.proposal == ["\"time\": \"02:00:00\""])
  }

  @Test func aMomentProposesNothing() throws {
    try handIn(1, site(), [[start(wall: 5, cpu: 1, gibibytes: 0.1)]])
    #expect(ClusterUse(folder)?.lines.last == "Too little to propose anything for the site's file.")
  }

  @Test func whatIsNotKnownIsCounted() throws {
    try handIn(
      1, site(),
      [[start(wall: 9000, cpu: 30_000, gibibytes: 1.5, .open)], nil, [start(wall: 1, cpu: 1, gibibytes: 1, .busy)]])
    let lines = try #require(ClusterUse(folder)).lines
    #expect(lines[0].contains("(1 run, 1 start; nothing is known of 2 more)"), "\(lines)")
    #expect(lines.contains("  1 start could not say the end, and may have used a little more"))
  }

  /// Another request is another question.
  @Test func onlyWhatAskedForTheSameAsTheLastCounts() throws {
    try handIn(1, site { $0.cpus = 8 }, [[start(wall: 9000, cpu: 9000, gibibytes: 1.5)]])
    try handIn(2, site(), [[start(wall: 9000, cpu: 36_000, gibibytes: 1.5)]])
    #expect(ClusterUse(folder)?.processorShare == 1)
  }

  @Test func nothingIsSaidOfWhatEarlierProgramsHandedIn() throws {
    #expect(ClusterUse(folder) == nil)
    let batch = RunBatch(number: 1, name: folder.jobName(1), memory: 5, runs: ["a"], attempts: [0])
    try folder.write(batch, script: "")
    #expect(ClusterUse(folder) == nil)
  }

  @Test(arguments: ["", "{}", #"{"starts":[{"wallSeconds":-1,"cpuSeconds":1,"peakBytes":1,"end":"none"}]}"#])
  func aDamagedRecordIsUnknown(text: String) throws {
    let file = try temporary.write("1-0.use.json", text)
    #expect(TaskUse.read(file) == nil)
  }

  @Test func aWorkerWritesWhatItUsedBesideWhatEarlierOnesDid() throws {
    let file = BatchFolder.useFile(batch: temporary.file("7.json"), task: 3)
    #expect(file.lastPathComponent == "7-3.use.json")
    let first = UseRecorder(file)
    first.note()
    #expect(TaskUse.read(file)?.starts.map(\.end) == [.open])
    let second = UseRecorder(file)
    second.finish(.finished)
    let starts = try #require(TaskUse.read(file)).starts
    #expect(starts.map(\.end) == [.open, .finished])
    #expect(starts[1].peakBytes > 1 << 20 && starts[1].cpuSeconds > 0 && starts[1].wallSeconds >= 0)
  }
}
