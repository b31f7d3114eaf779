import Foundation
import Store
import System
import TestSupport
import Testing

/// Where a workspace is looked for.
@Suite struct WrongWorkspaceTests {
  @Test func theNearestIsNamed() throws {
    try withTemporaryFolder { folder in
      let real = Workspace(folder.appending(path: "study/Workspace"))
      try real.prepare()
      for wrong in ["study/Wrokspace", "study/experiments/Workspace", "study/Workspace/runs", "study"] {
        let workspace = Workspace(folder.appending(path: wrong))
        let error = #expect(throws: WrongWorkspace.self, "\(wrong)") { try workspace.requireRuns() }
        #expect(error?.nearest.map { URL(fileURLWithPath: $0).path } == real.root.path, "\(wrong)")
      }
      try real.requireRuns()
      #expect(try names(in: folder.appending(path: "study")) == ["Workspace"], "nothing was made")
    }
  }

  /// A run that was put beside the folder of runs, and not into it.
  @Test func aRunInTheWrongFolderIsNamed() throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder.appending(path: "Workspace"))
      try Folder.create(workspace.root.appending(path: "run-f1"))
      try Data().write(to: RunDirectory(workspace.root.appending(path: "run-f1")).planFile)
      let error = #expect(throws: WrongWorkspace.self) { try workspace.requireRuns() }
      let path = workspace.root.path
      #expect(
        error?.description
          == "\(path) is no workspace yet: runs lie in it (run-f1) that belong into its folder runs. Move them: mkdir \(path)/runs &&"
          + " mv \(path)/run-f1 \(path)/runs/")
      try Folder.create(workspace.runsFolder)
      try FileManager.default.moveItem(
        at: workspace.root.appending(path: "run-f1"), to: workspace.runDirectory(named: "run-f1").url)
      try workspace.requireRuns()
      let inside = #expect(throws: WrongWorkspace.self) { try Workspace(workspace.runsFolder).requireRuns() }
      #expect(inside?.misplaced == [])
    }
  }

  /// Who looks at an experiment before its first run needs no workspace; who named one that is none, or has runs elsewhere, does.
  @Test func anotherFolderIsMeantWhereOneWasNamedOrHasTheRuns() throws {
    try withTemporaryFolder { folder in
      let (real, wrong) = (
        Workspace(folder.appending(path: "Workspace")), Workspace(folder.appending(path: "Wrokspace"))
      )
      try wrong.requireMeant(for: "small", beside: nil, isAsked: false)
      #expect(throws: WrongWorkspace.self) { try wrong.requireMeant(for: "small", beside: nil, isAsked: true) }
      try real.prepare()
      try wrong.requireMeant(for: "small", beside: nil, isAsked: false)
      try real.write(ExperimentRecord(name: "small", variants: [.init(name: "A", runs: ["gone", "r"])]))
      // It asks for runs that nobody has begun.
      try wrong.requireMeant(for: "small", beside: nil, isAsked: false)
      try Folder.create(real.runsFolder.appending(path: "r"))
      try Data().write(to: real.runDirectory(named: "r").planFile)
      let error = #expect(throws: WrongWorkspace.self) {
        try wrong.requireMeant(for: "small", beside: nil, isAsked: false)
      }
      #expect(error?.nearest.map { URL(fileURLWithPath: $0).path } == real.root.path)
      #expect(error?.search == .init("small", isFound: true))
      try real.requireMeant(for: "other", beside: nil, isAsked: true)
    }
  }

  @Test func whatStandsInItsPlaceIsNamed() throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder.appending(path: "Workspace"))
      let path = workspace.root.path
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/gone/there")
      let dead = #expect(throws: WrongWorkspace.self) {
        try workspace.requireMeant(for: "small", beside: nil, isAsked: false)
      }
      let lead =
        "it is a link to /gone/there, which is not there; mount or put back what it leads to, or remove the link"
      #expect(dead?.description.hasPrefix("there is no workspace in \(path): \(lead). ") == true)
      try FileManager.default.removeItem(atPath: path)
      try Data().write(to: workspace.root)
      let blocked = #expect(throws: WrongWorkspace.self) { try workspace.requireRuns() }
      let words = "there is no workspace in \(path): \(path) is a file, and a folder is needed there: move it away. "
      #expect(blocked?.description.hasPrefix(words) == true)
    }
  }

  /// Neither a folder that is not there, nor an index in one that is no workspace.
  @Test(arguments: [false, true]) func readingMakesNothing(isFolder: Bool) throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder.appending(path: "elsewhere"))
      if isFolder { try Folder.create(workspace.root) }
      let index = WorkspaceIndex(workspace)
      let found = try index.refresh()
      #expect(found == WorkspaceIndex.Refresh())
      #expect(try index.runs().isEmpty)
      #expect(try index.counts().isEmpty)
      #expect(try names(in: folder) == (isFolder ? ["elsewhere"] : []))
      if isFolder { #expect(try names(in: workspace.root).isEmpty) }
    }
  }

  @Test func words() {
    #expect(
      "\(WrongWorkspace(path: "/a", nearest: "/b"))"
        == "there is no workspace in /a. The nearest one is /b: give --workspace /b. "
        + "`safnet run` with an experiment makes one.")
    #expect(
      "\(WrongWorkspace(path: "/a", nearest: "/b c", search: .init("small", isFound: true)))"
        == "there is no workspace in /a. /b c has runs of small: give --workspace '/b c'. `safnet run` with an experiment makes one."
    )
    #expect(
      "\(WrongWorkspace(path: "/a", nearest: "/b", search: .init("small", isFound: false)))"
        == "there is no workspace in /a. The nearest one, /b, has none of small; --workspace /b looks there all"
        + " the same. `safnet run` with an experiment makes one."
    )
    #expect(
      "\(WrongWorkspace(path: "/a"))"
        == "there is no workspace in /a. Runs that lie elsewhere are found with --workspace. `safnet run` with an experiment makes"
        + " one.")
  }

  /// A workspace that has runs of the experiment before one that is nearer, in other projects of the working directory too;
  /// its cache need not be there.
  @Test func aWorkspaceWithRunsOfTheExperimentComesFirst() throws {
    try withTemporaryFolder { folder in
      let (near, far) = (
        Workspace(folder.appending(path: "Near")), Workspace(folder.appending(path: "project/Workspace"))
      )
      try near.prepare()
      try Folder.create(far.runsFolder.appending(path: "r"))
      try Data().write(to: far.runDirectory(named: "r").planFile)
      try far.write(ExperimentRecord(name: "small", variants: [.init(name: "A", runs: ["r"])]))
      let here = Workspace(folder.appending(path: "Workspace"))
      // Beside an experiment's file its own projects are looked into, and not those of others.
      #expect(here.nearest(of: "small", beside: folder.appending(path: "other/small.json"))?.root.path == far.root.path)
      let elsewhere = Workspace(folder.appending(path: "a/b/Workspace"))
      #expect(elsewhere.nearest(of: "small", beside: folder.appending(path: "other/small.json")) == nil)
      #expect(here.nearest()?.root.path == near.root.path)
      #expect(here.absence(of: "small", beside: nil).nearest == far.root.path)
      #expect(
        here.absence(of: "other", beside: nil)
          == WrongWorkspace(
            path: here.root.path, nearest: near.root.path, search: .init("other", isFound: false)))
    }
  }
}
