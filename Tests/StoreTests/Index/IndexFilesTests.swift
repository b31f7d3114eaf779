import Foundation
import Store
import TestSupport
import Testing

/// The files that SQLite keeps beside the index go where it goes, all of them.
@Suite struct IndexFilesTests {
  /// Else it would be taken for the new index's own. (A first byte of zero says that nothing is to be taken back by it.)
  @Test func whatIsBesideADamagedIndexIsSetAsideWithIt() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
      try Data(repeating: 0x41, count: 8192).write(to: workspace.indexFile)
      let journal = Data(repeating: 0, count: 512)
      try journal.write(to: URL(fileURLWithPath: workspace.indexFile.path + "-journal"))
      let index = WorkspaceIndex(workspace)
      #expect(try index.refresh().projected == 2)
      #expect(index.notices.count == 1, "\(index.notices)")
      #expect(try Data(contentsOf: folder.appending(path: "index.damaged.sqlite-journal")) == journal)
    }
  }

  @Test(arguments: WorkspaceIndex.endings) func anIndexThatIsMadeAnewBeginsWithoutThem(ending: String) throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
      try WorkspaceIndex(workspace).refresh()
      try putPipe(at: workspace.indexFile.path + ending)
      let index = WorkspaceIndex(workspace)
      #expect(try index.rebuild().projected == 2)
      #expect(index.notices.isEmpty, "\(index.notices)")
    }
  }

  /// The folder is its own: nobody misses what stood there.
  @Test(arguments: WorkspaceIndex.endings) func whoLooksAgainAndAgainMakesItsOwnAnew(ending: String) throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder.appending(path: "Workspace"), count: 2, epochs: 2)
      let own = Workspace(workspace.root, indexFolder: folder.appending(path: "own"))
      try FileManager.default.createDirectory(at: own.indexFolder, withIntermediateDirectories: true)
      try putPipe(at: own.indexFile.path + ending)
      #expect(try WatchedRuns(own).look().runs.count == 2)
      var status = stat()
      #expect(stat(own.indexFile.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
    }
  }

  private func putPipe(at path: String) throws {
    unlink(path)
    try #require(mkfifo(path, 0o600) == 0)
  }
}
