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
}
