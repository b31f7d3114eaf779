import Foundation
import System
import TestSupport
import Testing

@Suite struct BlockedPathTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func theFileIsNamedWhereverItStands() throws {
    let file = try folder.write("a/file", [1])
    for path in [file, file.appending(path: "x"), file.appending(path: "x/y.nii")] {
      let found = try #require(BlockedPath(path))
      #expect(found.file == file.path)
      #expect(found.words == "\(file.path) is a file, and a folder is needed there")
    }
  }

  /// Folders, what lies in one and is not there, a dead link.
  @Test func nothingElseBlocksAPath() throws {
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "/gone")
    for path in [folder.url, folder.file("none"), folder.file("none/x"), link, link.appending(path: "x")] {
      #expect(BlockedPath(path) == nil, "\(path.path)")
    }
  }

  @Test func whoReadsCorrectsThePathAndWhoWritesMayMoveTheFile() throws {
    let file = try folder.write("file", [1])
    let start = "\(file.path) is a file, and a folder is needed there: "
    let path = file.appending(path: "x").path
    #expect(SystemError(file: path, action: .read, code: ENOTDIR).remedy == start + "correct the path.")
    #expect(
      SystemError(file: path, action: .create, code: ENOTDIR).remedy == start + "move it away, or give another path.")
    #expect(
      SystemError(file: file.path, action: .list, code: ENOTDIR).remedy == start + "give a folder in its place.")
    #expect(SystemError(file: path, action: .read, code: ENOTDIR).advice == start + "correct the path")
  }

  /// A device stays where it is.
  @Test(arguments: [("/dev/null", "a device"), ("/dev/zero/x", "a device"), ("pipe", "a pipe"), ("pipe/x", "a pipe")])
  func whatIsNoPlainFileIsNotMoved(path: String, what: String) throws {
    #expect(mkfifo(folder.file("pipe").path, 0o600) == 0)
    let place = path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.file(path)
    let found = try #require(BlockedPath(place))
    #expect(found.words == "\(found.file) is \(what), and a folder is needed there" && !found.isMovable)
    let error = #expect(throws: SystemError.self) { try Folder.checkCreation(place) }
    #expect(error?.remedy == "\(found.words): give another path.")
  }
}
