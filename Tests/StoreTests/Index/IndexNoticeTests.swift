import Foundation
import GRDB
import Store
import Synchronization
import System
import TestSupport
import Testing

/// What the index says of itself reaches whoever made the workspace, wherever the index is opened.
@Suite struct IndexNoticeTests {
  private final class Heard: Sendable {
    private let all = Mutex<[IndexNotice]>([])
    var notices: [IndexNotice] { all.withLock { $0 } }

    func hear(_ notice: IndexNotice) { all.withLock { $0.append(notice) } }
  }

  private func make(in folder: URL, _ heard: Heard) throws -> Workspace {
    let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
    return Workspace(workspace.root, hearIndex: { heard.hear($0) })
  }

  @Test func everyIndexOfAWorkspaceIsHeard() throws {
    try withTemporaryFolder { folder in
      let heard = Heard()
      let workspace = try make(in: folder, heard)
      try #require(mkfifo(workspace.indexFile.path, 0o600) == 0)
      for _ in 0..<2 { #expect(try WorkspaceIndex(workspace).refreshedRuns().count == 2) }
      let words =
        "index.sqlite cannot be used (cannot read \(workspace.indexFile.path): not a plain file): the runs were read one by"
        + " one. Move away what stands there."
      #expect(heard.notices.map(\.description) == [words, words])
    }
  }

  @Test func aDamagedIndexIsHeardOfOnce() throws {
    try withTemporaryFolder { folder in
      let heard = Heard()
      let workspace = try make(in: folder, heard)
      try Data(repeating: 0x41, count: 8192).write(to: workspace.indexFile)
      for _ in 0..<2 { #expect(try WorkspaceIndex(workspace).refreshedRuns().count == 2) }
      let words = heard.notices.map(\.description)
      #expect(
        words == [
          "index.sqlite was damaged (file is not a database): set aside as index.damaged.sqlite and made anew"
        ])
    }
  }

  /// The index is not at fault where the runs themselves cannot be read.
  @Test func ofRunsThatCannotBeReadTheIndexSaysNothing() throws {
    try withTemporaryFolder { folder in
      let heard = Heard()
      let workspace = try make(in: folder, heard)
      try FileManager.default.removeItem(at: workspace.runsFolder)
      try Data().write(to: URL(fileURLWithPath: workspace.runsFolder.path))
      #expect(throws: SystemError.self) { try WorkspaceIndex(workspace).refreshedRuns() }
      #expect(heard.notices.isEmpty, "\(heard.notices)")
    }
  }

  /// SQLite's words name no cause that a person could mend.
  @Test(
    arguments: [
      (.SQLITE_FULL, "Make room on the workspace's disk"),
      (.SQLITE_IOERR, "Look whether the workspace's disk is full (`df -h`) or failing (`dmesg`)"), (.SQLITE_NOMEM, nil),
    ] as [(ResultCode, String?)])
  func ofTheDiskItSaysWhereToLook(code: ResultCode, remedy: String?) {
    let notice = IndexNotice(because: DatabaseError(resultCode: code, message: "disk I/O error"))
    #expect(notice.description.hasSuffix(remedy.map { "one by one. \($0)" } ?? "one by one"), "\(notice)")
  }
}
