import Foundation
import Scheduling
import Store
import Testing
import Training
import Workbench

/// What a sweep says whose folders are taken away while it trains, and that it makes none of them anew.
@Suite struct LostWorkspaceTests {
  let console = RecordedConsole()
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep() }

  @Test func aWorkspaceThatIsMovedEndsTheSweepWithOneError() throws {
    let place = sweep.workspace.root.path
    let session = try sweep.session(
      console, executor: .losing { _ in try? FileManager.default.moveItem(atPath: place, toPath: place + "-moved") })
    let error = #expect(throws: LostWorkspace.self) { _ = try session.run(stop: StopFlag()) }
    #expect(error?.description.hasPrefix("the workspace \(place) was moved or removed while runs were") == true)
    for words in ["starts again", "run.log", "is gone", "stopping"] { #expect(!console.errors.contains(words)) }
    #expect(!FileManager.default.fileExists(atPath: place))
    #expect(FileManager.default.fileExists(atPath: place + "-moved/runs"))
  }

  @Test func aRunThatIsRemovedIsNotTriedAgain() throws {
    let runs = sweep.workspace.runsFolder
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds) = (["Base"], [1])
    let session = try sweep.session(
      console,
      executor: .losing { for name in $0 { try? FileManager.default.removeItem(at: runs.appending(path: name)) } },
      settings: settings)
    let outcome = try session.run(stop: StopFlag())
    let run = try #require(outcome.failed.first)
    #expect(console.errors.contains("\nBase, fold 1 failed: its folder is gone (\(run.directory.path))\n"))
    #expect(
      console.errors.hasSuffix("or give the same `safnet run` again, which trains it from the beginning.\n"),
      "\(console.errors)")
    for words in ["starts again", "run.log"] { #expect(!console.errors.contains(words)) }
    #expect(!FileManager.default.fileExists(atPath: run.directory.path))
    #expect(
      outcome.closingWords(file: "x.json").hasPrefix(
        "1 of the runs failed: its folder was taken away; the same command trains it again. `safnet report"))
    // Of another, whose folder is there, status knows why.
    try Data().write(to: RunDirectory(sweep.folder).planFile)
    let there = SweepRun(name: "a", label: "A", directory: sweep.folder, log: sweep.folder, work: 1)
    let both = SweepOutcome(finished: [], failed: [run, there], interrupted: [], wasStopped: false)
    #expect(
      both.closingWords(file: "x.json").hasPrefix(
        "2 of the runs failed; of 1 `safnet status x.json` says why, and of 1 its folder was taken away; the same command"
      ))
    let several = SweepOutcome(finished: [], failed: [run, run], interrupted: [], wasStopped: false)
    let words = "their folders were taken away; the same command trains them again. `safnet report"
    #expect(several.closingWords(file: "x.json").hasPrefix("2 of the runs failed: \(words)"))
    let all = SweepOutcome(finished: [], failed: [run, there, run], interrupted: [], wasStopped: false)
    #expect(
      all.closingWords(file: "x.json").hasPrefix(
        "3 of the runs failed; of 1 `safnet status x.json` says why, and of 2 \(words)"))
  }

  /// As when it was trained anew from another terminal meanwhile.
  @Test func aRunThatIsThereAgainIsNotSaidToHaveFailedByItself() throws {
    let (runs, aside) = (sweep.workspace.runsFolder, sweep.folder.appending(path: "aside"))
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.jobs, settings.retries) = (["Base"], 1, 0)
    let session = try sweep.session(
      console,
      executor: .losing { names in
        let files = FileManager.default
        if let first = try? files.contentsOfDirectory(atPath: aside.path).first {
          try? files.moveItem(at: aside.appending(path: first), to: runs.appending(path: first))
        } else {
          try? files.createDirectory(at: aside, withIntermediateDirectories: true)
          try? files.moveItem(at: runs.appending(path: names[0]), to: aside.appending(path: names[0]))
        }
      }, settings: settings)
    let outcome = try session.run(stop: StopFlag())
    let first = try #require(outcome.takenAway.first)
    #expect(outcome.failed.count == 2 && outcome.takenAway == [first])
    #expect(FileManager.default.fileExists(atPath: first.directory.path))
    #expect(
      console.errors.contains(
        "\n\(first.label) failed: its folder \(first.directory.path) was removed or moved while the run was trained"),
      "\(console.errors)")
    #expect(!console.errors.contains(first.log.path), "\(console.errors)")
    let closing = outcome.closingWords(file: "x.json")
    #expect(closing.hasPrefix("2 of the runs failed; of 1 `safnet status x.json` says why"), "\(closing)")
  }
}

extension ExecutorEntry {
  /// Its workers fail once something was taken away from under them.
  fileprivate static func losing(_ take: @escaping @Sendable ([String]) -> Void) -> ExecutorEntry {
    ExecutorEntry(name: "losing", summary: "in vain", allotment: local.allotment, make: { _ in LosingExecutor(take) })
  }
}

private final class LosingExecutor: Executor {
  private let take: ([String]) -> Void
  private var names: [String] = []

  init(_ take: @escaping ([String]) -> Void) { self.take = take }

  func submit(_ jobs: [Job]) -> [String: String] {
    names += jobs.map(\.name)
    return [:]
  }

  func poll() -> [(name: String, status: JobStatus)] {
    guard !names.isEmpty else { return [] }
    take(names)
    defer { names = [] }
    return names.map { ($0, .ended(.failed(status: 1))) }
  }

  func interrupt(_ names: [String]) {}
  func kill(_ names: [String]) {}
}
