import Foundation
import System
import TestSupport
import Testing

@Suite struct StagedFileTests {
  @Test func replacesAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "wörk.json")
      try AtomicFile.write(Data("one".utf8), to: url)
      try AtomicFile.write(Data("two".utf8), to: url)
      #expect(try Data(contentsOf: url) == Data("two".utf8))
      #expect(try names(in: folder) == ["wörk.json"])
    }
  }

  @Test func keepsThePreviousOne() throws {
    try withTemporaryFolder { folder in
      let (url, previous) = (folder.appending(path: "last.h5"), folder.appending(path: "last.previous.h5"))
      for text in ["one", "two", "three"] {
        try StagedFile([Data(text.utf8)], for: url).commit(keeping: previous)
      }
      #expect(try Data(contentsOf: url) == Data("three".utf8))
      #expect(try Data(contentsOf: previous) == Data("two".utf8))
    }
  }

  /// As of a library that writes its files itself.
  @Test func takesOverAFileThatSomebodyElseWrote() throws {
    try withTemporaryFolder { folder in
      let (written, url) = (folder.appending(path: ".half"), folder.appending(path: "whole"))
      try Data("text".utf8).write(to: written)
      try StagedFile(written: written, for: url).commit()
      #expect(try names(in: folder) == ["whole"])
      #expect(throws: SystemError(file: written.path, action: .synchronize, code: ENOENT)) {
        try StagedFile(written: written, for: url).commit()
      }
      try Data("more".utf8).write(to: written)
      #expect(throws: SystemError.self) {
        try StagedFile(written: written, for: folder.appending(path: "gone/whole")).commit()
      }
      #expect(try names(in: folder) == ["whole"])
    }
  }

  @Test func comparesEveryByte() throws {
    try withTemporaryFolder { folder in
      let parts = [Data(count: 512), Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) })]
      let staged = try StagedFile(parts, for: folder.appending(path: "a"))
      let isWhole = try staged.holds(parts)
      var other = parts
      other[1][2_999_999] ^= 1
      let (isOther, isLonger) = (try staged.holds(other), try staged.holds(parts + [Data([0])]))
      #expect(isWhole && !isOther && !isLonger)
    }
  }

  @Test func orphansOfKilledProcessesAreRemoved() throws {
    try withTemporaryFolder { folder in
      for name in [".last.h5.123-ab.partial", "last.h5", ".hidden"] {
        try Data("x".utf8).write(to: folder.appending(path: name))
      }
      #expect(try StagedFile.removeOrphans(in: folder) == [".last.h5.123-ab.partial"])
      #expect(try names(in: folder) == [".hidden", "last.h5"])
    }
  }

  @Test func aMissingFolderIsNamed() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "gone/last.h5")
      let error = #expect(throws: SystemError.self) { try AtomicFile.write(Data(), to: url) }
      #expect("\(error!)".contains("/gone/last.h5: "))
      #expect("\(error!)".hasSuffix("no such file or directory. Check the path: a part of it is missing."))
    }
  }
}
