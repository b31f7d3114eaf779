import CPU
import Compute
import Foundation
import Networks
import Store
import Testing
import Training
import Volumes

/// A workspace in which a run was interrupted within an epoch: everything that resuming reads is on the disk.
struct HalfFinishedWorkspace {
  let fixture: Fixture
  let workspace: Workspace
  let run: RunDirectory
  let cache: PreparedCache

  init() throws {
    fixture = try Fixture()
    workspace = Workspace(fixture.folder.appending(path: "Workspace"))
    let plan = Fixture.plan { $0.structures = .mrSpineSeg }
    let root = fixture.folder.appending(path: "phantom")
    var phantom = Phantom()
    (phantom.cases, phantom.height, phantom.width) = (10, 64, 64)
    try phantom.write(to: root)
    cache = PreparedCache(
      directory: workspace.cacheFolder, fingerprint: plan.dataset.digest, labels: plan.structures,
      preprocessing: plan.preprocessing)
    try workspace.prepare()
    let dataset = try Dataset.open(root)
    _ = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 2)
    run = workspace.runDirectory(named: "run")
    try run.create(
      planJSON: plan.canonicalJSON, identity: plan.identity,
      environment: .current(programVersion: "test", instructionSet: "any", threads: 1, commandLine: []))
    let stop = StopFlag()
    _ = try training().run(stop: stop) { if $0.epoch == 2 && $0.step == 2 { stop.request("test") } }
    try WorkspaceIndex(workspace).refresh()
  }

  func training() throws -> TrainingRun {
    try TrainingRun(directory: run, cases: cache, engine: CPUEngine(), threads: 1, programVersion: "test")
  }

  var index: URL { workspace.indexFile }
  func answers() throws -> [IndexedRun] { try WorkspaceIndex(workspace).runs() }
}

/// What a bad disk or bad memory does: one bit is not what it was.
@Suite struct BitFlipTests {
  enum Part: String, CaseIterable, Sendable {
    /// First: an index also tells when the files were written that it was made from, and the others' turns change that.
    case index = "index.sqlite"
    case last = "last.h5"
    case previous = "last.previous.h5"
    case best = "best.h5"
    case journal = "journal.jsonl"
    case plan = "plan.json"
    case preparedCase = "Case3.case"
    case summary = "summary.json"

    func file(_ half: HalfFinishedWorkspace) -> URL {
      switch self {
      case .last, .previous, .best, .journal, .plan: half.run.url.appending(path: rawValue)
      case .preparedCase, .summary: half.cache.folder.appending(path: rawValue)
      case .index: half.index
      }
    }

    /// Reads it as the program does; throws when the damage is found.
    func read(_ half: HalfFinishedWorkspace) throws {
      switch self {
      case .last, .previous, .best: _ = try CheckpointFile.read(file(half))
      case .journal: _ = try Journal.read(file(half))
      case .plan: _ = try half.run.readPlan()
      case .preparedCase: _ = try half.cache.load("Case3")
      case .summary: if half.cache.readSummary() == nil { throw Found() }
      case .index: _ = try half.answers()
      }
    }
  }
  struct Found: Error {}

  /// Every one of a thousand flips is found when its file is read; in the index, where SQLite leaves bytes unused, it is
  /// found or changes no answer.
  @Test func aThousandFlipsAreFound() throws {
    let half = try HalfFinishedWorkspace()
    let answers = try half.answers()
    var random = RandomStream(seed: 21, purpose: .test)
    for part in Part.allCases {
      let file = part.file(half)
      let sound = try Data(contentsOf: file)
      try part.read(half)
      for _ in 0..<1000 / Part.allCases.count {
        let bit = random.nextInt(below: sound.count * 8)
        try sound.flipped(bit).write(to: file)
        if part == .index {
          #expect(try half.answers() == answers, "bit \(bit)")
          for name in ["-wal", "-shm"] { unlink(file.path + name) }
        } else {
          #expect(throws: (any Error).self, "bit \(bit) of \(part.rawValue)") { try part.read(half) }
        }
      }
      try sound.write(to: file)
    }
  }

  /// Going on after a flip ends in the bits of an undisturbed run, or in an error of this program that names the file.
  @Test(arguments: Part.allCases) func noFlipChangesAResult(part: Part) throws {
    let half = try HalfFinishedWorkspace()
    let file = part.file(half)
    let sound = try Data(contentsOf: file)
    let safe = half.fixture.folder.appending(path: "safe")
    try FileManager.default.copyItem(at: half.run.url, to: safe)
    #expect(try half.training().run(stop: StopFlag()) == .finished)
    let wanted = try RunResult(of: half.run)
    var random = RandomStream(seed: 22, purpose: .test)
    for _ in 0..<4 {
      try FileManager.default.removeItem(at: half.run.url)
      try FileManager.default.copyItem(at: safe, to: half.run.url)
      try sound.flipped(random.nextInt(below: sound.count * 8)).write(to: file)
      do {
        #expect(try half.training().run(stop: StopFlag()) == .finished)
        // A damaged line of the journal is lost, and costs nothing else.
        let differences = try RunResult(of: half.run).differences(from: wanted)
        #expect(differences.filter { part != .journal || $0 != "journal" } == [])
      } catch {
        #expect(error is StoreError || error is CacheError || error is RunError, "\(error)")
        #expect("\(error)".contains(part.rawValue), "\(error)")
      }
    }
  }
}

extension Data {
  fileprivate func flipped(_ bit: Int) -> Data {
    var bytes = self
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    return bytes
  }
}
