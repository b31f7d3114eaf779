import Foundation
import System
import TestSupport
import Testing

@Suite struct RegularFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aFileIsReadWhole() throws {
    let file = try folder.write("a", [1, 2, 3])
    #expect(try RegularFile.read(file, limit: 3) == Data([1, 2, 3]))
    try FileManager.default.createSymbolicLink(at: folder.file("link"), withDestinationURL: file)
    #expect(try RegularFile.read(folder.file("link"), limit: 3).count == 3)
    #expect(try RegularFile.read(try folder.write("empty", []), limit: 0).isEmpty)
  }

  /// None of these may be waited for or read to an end that never comes.
  @Test func whatIsNoFileIsRefusedAtOnce() throws {
    #expect(mkfifo(folder.file("pipe").path, 0o600) == 0)
    #expect(mknod(folder.file("socket").path, S_IFSOCK | 0o600, 0) == 0)
    let remedy = "give a file in its place"
    let cases: [(String, String, String)] = [
      (folder.file("pipe").path, "it is a pipe, not a file", remedy),
      ("/dev/zero", "it is a device, not a file", remedy),
      (folder.file("socket").path, "it is a socket, not a file", remedy), (folder.url.path, "Is a directory", remedy),
      (
        folder.file("none").path, "No such file or directory",
        "check the path: a part of it is missing"
      ),
      (
        folder.file("pipe/x").path, "Not a directory",
        "\(folder.file("pipe").path) is a pipe, and a folder is needed there: correct the path"
      ),
    ]
    for (path, reason, remedy) in cases {
      let error = #expect(throws: RegularFile.Refusal.self) {
        try RegularFile.read(URL(fileURLWithPath: path), limit: 10)
      }
      #expect(error?.reason == reason && error?.remedy(of: URL(fileURLWithPath: path)) == remedy)
    }
  }

  /// A sparse file takes no disk and would take all memory.
  @Test func aLengthIsNotBelieved() throws {
    let file = try folder.write("huge", [])
    #expect(truncate(file.path, 1 << 40) == 0)
    #expect(throws: RegularFile.Refusal.tooLong(bytes: 1 << 40, limit: 1 << 20)) {
      try RegularFile.read(file, limit: 1 << 20)
    }
  }

  @Test func aStampTellsThatAFileWasReplacedOrChanged() throws {
    let file = try folder.write("a", [1, 2, 3])
    let before = FileStamp(file)
    #expect(before != nil && before == FileStamp(file) && FileStamp(folder.file("none")) == nil)
    try FileManager.default.copyItem(at: file, to: folder.file("b"))
    #expect(rename(folder.file("b").path, file.path) == 0)
    #expect(FileStamp(file) != before)
  }
}
