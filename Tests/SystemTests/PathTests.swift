import Foundation
import System
import TestSupport
import Testing

@Suite struct PhysicalPathTests {
  /// `project` is a link to `store/project`: what `..` leads out of is the store.
  private func withLink(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let root = folder.resolvingSymlinksInPath()
      try Folder.create(root.appending(path: "store/project/experiments"))
      try Folder.create(root.appending(path: "store/data"))
      try FileManager.default.createSymbolicLink(
        at: root.appending(path: "project"), withDestinationURL: root.appending(path: "store/project"))
      try body(root)
    }
  }

  @Test(arguments: [
    ("project/../data", "store/data"), ("project/experiments/../../data", "store/data"),
    ("store/project/../data", "store/data"), ("project/../data/new", "store/data/new"),
    ("project/experiments", "project/experiments"), ("project/./experiments", "project/experiments"),
  ])
  func dotsLeadOutOfWhereALinkLeadsTo(path: String, expected: String) throws {
    try withLink { root in
      let url = URL(fileURLWithPath: root.path + "/" + path)
      #expect(url.physicalFileURL.path == root.appending(path: expected).path)
    }
  }

  @Test func whatIsNotThereStaysAsItIsWritten() throws {
    try withLink { root in
      let url = URL(fileURLWithPath: root.path + "/gone/../data")
      #expect(url.physicalFileURL.path == root.appending(path: "data").path)
    }
  }
}

@Suite struct PrivateFolderTests {
  @Test func nobodyElseMayEnterAndNoNameComesTwice() throws {
    try withTemporaryFolder { folder in
      let made = try (0..<3).map { _ in try PrivateFolder.create(in: folder, beginning: ".writing-") }
      #expect(Set(made.map(\.lastPathComponent)).count == 3)
      for url in made {
        var status = stat()
        #expect(stat(url.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(url.lastPathComponent.hasPrefix(".writing-"))
      }
    }
  }

  @Test func aMissingParentIsNamed() throws {
    try withTemporaryFolder { folder in
      let gone = folder.appending(path: "gone")
      #expect(throws: SystemError(file: gone.path, action: .create, code: ENOENT)) {
        try PrivateFolder.create(in: gone, beginning: "a")
      }
    }
  }
}

@Suite struct ProgramFileTests {
  @Test func thisProgramIsStartedAgainThroughItsOpenFile() throws {
    #expect(ProgramFile.startable(ProgramFile.current).path == "/proc/\(getpid())/exe")
    let other = URL(fileURLWithPath: "/bin/sh")
    #expect(ProgramFile.startable(other) == other)
    #expect(ProgramFile.isRunning(ProgramFile.current, inProcess: getpid()))
    #expect(!ProgramFile.isRunning(other, inProcess: getpid()))
  }

  /// A copy of `sleep` that is replaced while it runs is still known.
  @Test func aReplacedProgramIsStillKnown() throws {
    try withTemporaryFolder { folder in
      let program = folder.resolvingSymlinksInPath().appending(path: "mine")
      try FileManager.default.copyItem(at: URL(fileURLWithPath: "/bin/sleep").resolvingSymlinksInPath(), to: program)
      let child = try ChildProcess(program.path, ["60"], input: .nothing, output: .nothing)
      #expect(ProgramFile.isRunning(program, inProcess: child.identifier))
      try AtomicFile.write(Data("#!/bin/sh\n".utf8), to: program)
      #expect(ProgramFile.isRunning(program, inProcess: child.identifier))
      child.send(SIGKILL)
      child.wait()
    }
  }
}
