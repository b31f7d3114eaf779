import Foundation
import System
import TestSupport
import Testing

@Suite struct DescriptorTests {
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
