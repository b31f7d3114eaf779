import Foundation
import Store
import Testing
import Workbench

@Suite struct RunLookupTests {
  let sweep: SmallSweep
  let names: [String]
  var workspace: Workspace { sweep.workspace }

  init() throws {
    sweep = try SmallSweep.trained()
    names = try sweep.workspace.runDirectories().map(\.name)
  }

  @Test func aRunIsFoundByItsNameOrByItsFirstLetters() throws {
    #expect(try workspace.run(named: names[0]).name == names[0])
    #expect(try workspace.run(named: String(names[0].dropLast(4))).name == names[0])
    // Several begin so; the first is proposed.
    #expect(throws: UsageError.unknownRun(name: "safnet", workspace: workspace.root.path, nearest: names[0])) {
      try workspace.run(named: "safnet")
    }
    #expect(throws: UsageError.self) { try workspace.run(named: String(names[0].dropLast()), exactly: true) }
  }

  @Test func removalNeedsConfirmation() throws {
    #expect(throws: UsageError.needsConfirmation(runs: 2)) {
      try workspace.remove(Array(names[..<2]), confirmed: false) { _ in }
    }
    #expect(try workspace.runDirectories().count == 4)
  }

  @Test func nothingIsRemovedWhenOneNameIsUnknown() throws {
    #expect(throws: UsageError.self) { try workspace.remove([names[0], "nobody"], confirmed: true) { _ in } }
    #expect(try workspace.runDirectories().count == 4)
  }

  @Test func aRunThatIsBeingTrainedStays() throws {
    let lock = try #require(try RunLock.acquire(workspace.run(named: names[1])))
    defer { lock.release() }
    var removed: [String] = []
    #expect(throws: UsageError.runIsBusy(name: names[1])) {
      try workspace.remove(Array(names[..<3]), confirmed: true) { removed.append($0) }
    }
    #expect(removed == [names[0]])
    #expect(try workspace.runDirectories().map(\.name) == Array(names[1...]))
  }

  @Test func removedRunsLeaveTheStatus() throws {
    #expect(try StatusBoard(workspace: workspace, runs: nil).read().count == 4)
    try workspace.remove([names[3]], confirmed: true) { _ in }
    #expect(try StatusBoard(workspace: workspace, runs: nil).read().map(\.run) == Array(names[..<3]))
    let planned = try StatusBoard(workspace: workspace, of: sweep.specification(), console: RecordedConsole())
    #expect(try planned.read().map(\.state.rawValue).sorted() == ["finished", "finished", "finished", "queued"])
  }
}
