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
    let cases: [(String, String)] = [
      (folder.file("pipe").path, "it is a pipe, not a file"), ("/dev/zero", "it is a device, not a file"),
      (folder.url.path, "Is a directory"), (folder.file("none").path, "No such file or directory"),
    ]
    for (path, reason) in cases {
      let error = #expect(throws: RegularFile.Refusal.self) {
        try RegularFile.read(URL(fileURLWithPath: path), limit: 10)
      }
      #expect(error?.reason == reason)
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
