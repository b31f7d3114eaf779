import Foundation
import Synchronization
import System
import TestSupport
import Testing

/// Folders that take their place when they are complete, and what becomes of them when nobody completes them.
@Suite struct StagedFolderTests {
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }
  var place: URL { folder.appendingPathComponent("phantom") }
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } }

  init() throws {
    temporary = try TemporaryFolder()
  }

  func write(_ text: String, in staged: StagedFolder) throws {
    try Data(text.utf8).write(to: staged.url.appendingPathComponent("case"))
  }

  @Test func theFirstTakesThePlaceAndNothingIsLeft() throws {
    do {
      let (first, second) = (try StagedFolder.create(for: place), try StagedFolder.create(for: place))
      try write("first", in: first)
      try write("second", in: second)
      #expect(try names.count == 2 && names.allSatisfy { $0.hasPrefix(".phantom.") })
      #expect(try first.takePlace())
      #expect(try !second.takePlace())
    }
    #expect(try names == ["phantom"])
    #expect(try String(contentsOf: place.appendingPathComponent("case"), encoding: .utf8) == "first")
  }

  /// A folder is not put in a link's place, but where the link leads.
  @Test func aLinkToAnEmptyFolderLeadsToThePlace() throws {
    let disk = folder.appendingPathComponent("disk/exports")
    try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(at: place, withDestinationURL: disk)
    let staged = try StagedFolder.create(for: place)
    try write("whole", in: staged)
    #expect(try staged.takePlace())
    #expect(try String(contentsOf: disk.appendingPathComponent("case"), encoding: .utf8) == "whole")
    #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)) != nil)
  }

  /// Between making a folder and locking it, another writer may take it for an abandoned one.
  @Test func manyWritersAtOnceAllGetAFolder() throws {
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { [place] _ in
      for _ in 0..<50 {
        do {
          let staged = try StagedFolder.create(for: place)
          try Data("whole".utf8).write(to: staged.url.appendingPathComponent("case"))
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try names == [])
  }

  @Test func whatAKilledProcessLeftIsRemovedAndNothingElse() async throws {
    let others = [".other.\(UUID().uuidString)", ".phantom.notes", "phantom-2"]
    for name in others {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    let path = place.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let staged = try StagedFolder.create(for: URL(fileURLWithPath: path))
      try Data("half".utf8).write(to: staged.url.appendingPathComponent("case"))
      kill(getpid(), SIGKILL)
    }
    #expect(try names.count == 4)
    let living = try StagedFolder.create(for: place)
    #expect(try Set(names) == Set(others + [living.url.lastPathComponent]))
    withExtendedLifetime(try StagedFolder.create(for: place)) { next in
      #expect(FileManager.default.fileExists(atPath: living.url.path) && next.url != living.url)
    }
    #expect(try Set(names) == Set(others + [living.url.lastPathComponent]))
  }

  @Test func aPlaceThatCannotBeIsNamed() throws {
    try Data().write(to: folder.appendingPathComponent("file"))
    let file = folder.appendingPathComponent("file")
    #expect(throws: SystemError(file: file.path, action: .create, code: ENOTDIR)) {
      _ = try StagedFolder.create(for: file.appendingPathComponent("phantom"))
    }
  }
}
