import Foundation
import System
import TestSupport
import Testing

@Suite struct FolderTests {
  @Test func isMadeWithItsParentsAndMayBeThere() throws {
    try withTemporaryFolder { folder in
      let deep = folder.appending(path: "a/b/c")
      try Folder.create(deep)
      try Folder.create(deep)
      #expect(try Folder.names(in: folder.appending(path: "a/b")) == ["c"])
    }
  }

  @Test func aFileInItsPlaceOrOnTheWayIsNamed() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      #expect(throws: SystemError(file: file.path, action: .create, code: ENOTDIR)) { try Folder.create(file) }
      let below = file.appending(path: "below")
      #expect(throws: SystemError(file: below.path, action: .create, code: ENOTDIR)) { try Folder.create(below) }
    }
  }

  /// What would be made in a dead link's place is not known before it is tried; it is refused as the making of it.
  @Test func aDeadLinkInItsPlaceOrOnTheWayIsRefusedBeforehand() throws {
    try withTemporaryFolder { folder in
      for (name, target, code) in [("dead", "gone", ENOENT), ("loop", "loop", ELOOP)] {
        let link = folder.appending(path: name)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
        let refusal = SystemError(file: link.path, action: .create, code: code)
        #expect(throws: refusal) { try Folder.checkCreation(link) }
        #expect(throws: refusal) { try Folder.create(link) }
        #expect(throws: SystemError.self) { try Folder.checkCreation(link.appending(path: "below")) }
      }
      try Folder.checkCreation(folder.appending(path: "new/below"))
    }
  }

  @Test func namesAreSortedByTheirBytes() throws {
    try withTemporaryFolder { folder in
      for name in ["é", "b", ".a", "B"] { try Data().write(to: folder.appending(path: name)) }
      #expect(try Folder.names(in: folder) == [".a", "B", "b", "é"])
      try FileManager.default.removeItem(at: folder.appending(path: "é"))
      try Data().write(to: folder.appending(path: "a-2"))
      #expect(try Folder.names(in: folder) == [".a", "B", "a-2", "b"], "of ASCII alone")
      let gone = folder.appending(path: "gone")
      #expect(throws: SystemError(file: gone.path, action: .list, code: ENOENT)) { try Folder.names(in: gone) }
    }
  }

  /// Such a name would be another one as a text, and what is called so would be passed over.
  @Test func aNameOfBytesIsRefused() throws {
    try withTemporaryFolder { folder in
      let made = (folder.path + "/a").utf8CString.dropLast() + [CChar(bitPattern: 0xFF), 0]
      let file = open(Array(made), O_CREAT | O_WRONLY, 0o600)
      try #require(file >= 0)
      close(file)
      defer { unlink(Array(made)) }
      let error = #expect(throws: SystemError.self) { try Folder.names(in: folder) }
      #expect(
        error?.description
          == "cannot read \(folder.path)/a\u{FFFD}: its name is not utf-8. Rename it, or move it away.")
    }
  }
}
