import Foundation
import Measurement
import Scheduling
import Store
import System
import TestSupport
import Testing
import Workbench

@Suite struct PreflightTests {
  static let shortage = MemoryShortage(
    variant: "3D UNet", setting: "variants.3D UNet.training.batch", batch: 8, needed: 17 << 30, free: 3 << 29,
    fitting: .init(batch: 2, needed: 1 << 30))

  func preflight(disk: Int? = 100, perRun: Int = 10, cores: Int = 4, jobs: Int? = nil, threads: Int? = nil) -> Preflight
  {
    let machine = Machine(cores: cores, freeMemory: 25)
    return Preflight(
      diskNeeded: 50, diskFree: disk, memoryPerRun: perRun, shortages: perRun > 25 ? [Self.shortage] : [],
      machine: machine,
      allotment: Allotment(cores: cores, memory: 25, memoryPerRun: perRun, runs: 9, jobs: jobs, threads: threads))
  }

  @Test func preflightFindsNothingInAFittingSweep() {
    #expect(preflight().findings().isEmpty)
    #expect(preflight(disk: nil).findings().isEmpty)
  }

  /// Else a sweep that a full disk broke off could not go on where it fits.
  @Test func whatBegunRunsHoldIsNotNeededAgain() throws {
    let folder = try TemporaryFolder()
    let runs = ["new", "begun", "larger"].map { RunDirectory(folder.file($0)) }
    for (run, sizes) in zip(runs, [[], [30, 20], [90, 90]]) {
      try Folder.create(run.url)
      for (file, size) in zip([run.lastCheckpoint, run.previousCheckpoint], sizes) {
        try Data(count: size).write(to: file)
      }
    }
    #expect(Preflight.disk(of: runs.map { (100, $0) }) == 100 + 50 + 0)
  }

  @Test func preflightFindsEachShortage() {
    #expect(preflight(disk: 49).findings() == [.disk(needed: 50, free: 49)])
    #expect(preflight(jobs: 3).findings() == [.memory(jobs: 3, perRun: 10, free: 25)])
    #expect(preflight(perRun: 26, cores: 1).findings() == [.shortage(Self.shortage)])
    #expect(preflight(jobs: 2, threads: 3).findings() == [.threads(jobs: 2, threads: 3, cores: 4)])
  }

  @Test(arguments: [
    (
      Preflight.Finding.disk(needed: 5 << 29, free: 999),
      "the runs need 2.50 GiB of disk, 999 B are free; free some, or give another workspace with --workspace"
    ),
    (
      .memory(jobs: 2, perRun: 4 << 20, free: 3 << 19),
      "2 workers need 8.00 MiB of memory, 1.50 MiB are free; give fewer --jobs"
    ),
    (
      .shortage(shortage),
      "3D UNet does not fit: at batch 8 a run (network, cases, program) takes 17.0 GiB of memory, 1.50 GiB are free; "
        + "batch 2 takes 1.00 GiB: --set 'variants.3D UNet.training.batch=2'"
    ),
    (.threads(jobs: 2, threads: 3, cores: 4), "2 x 3 threads share 4 cores and will slow each other down"),
  ])
  func preflightWords(finding: Preflight.Finding, words: String) {
    #expect("\(finding)" == words)
  }
}
