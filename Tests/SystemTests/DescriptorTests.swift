import Foundation
import System
import TestSupport
import Testing

@Suite struct DescriptorTests {
  /// A pipe would be waited for, and a device has no end.
  @Test(arguments: ["fifo", "folder", "device"]) func onlyPlainFilesAreRead(kind: String) throws {
    try withTemporaryFolder { folder in
      var file = folder.appending(path: kind)
      switch kind {
      case "fifo": try #require(mkfifo(file.path, 0o600) == 0)
      case "folder": try Folder.create(file)
      default: file = URL(fileURLWithPath: "/dev/zero")
      }
      #expect(throws: SystemError(file: file.path, action: .read, code: SystemError.noPlainFile)) {
        try Descriptor.contents(of: file)
      }
    }
  }

  @Test func contentsAreTheWholeFileOrItsBeginning() throws {
    try withTemporaryFolder { folder in
      let (file, bytes) = (folder.appending(path: "a"), Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0) }))
      try bytes.write(to: file)
      #expect(try Descriptor.contents(of: file) == bytes)
      #expect(try Descriptor.contents(of: file, limit: 7) == bytes.prefix(7))
      let gone = folder.appending(path: "gone")
      #expect(throws: SystemError(file: gone.path, action: .read, code: ENOENT)) { try Descriptor.contents(of: gone) }
    }
  }
}
