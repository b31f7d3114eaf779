import Foundation
import Testing
import Volumes

/// Folders that take their place when they are complete, and what becomes of them when nobody completes them.
@Suite struct UnfinishedFolderTests {
  let folder: URL
  var place: URL { folder.appendingPathComponent("phantom") }
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("unfinished-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func write(_ text: String, in unfinished: UnfinishedFolder) throws {
    try Data(text.utf8).write(to: unfinished.url.appendingPathComponent("case"))
  }

  @Test func theFirstTakesThePlaceAndNothingIsLeft() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      let (first, second) = (try UnfinishedFolder.create(for: place), try UnfinishedFolder.create(for: place))
      try write("first", in: first)
      try write("second", in: second)
      #expect(try names.count == 2 && names.allSatisfy { $0.hasPrefix(".phantom.") })
      #expect(try first.takePlace())
      #expect(try !second.takePlace())
    }
    #expect(try names == ["phantom"])
    #expect(try String(contentsOf: place.appendingPathComponent("case"), encoding: .utf8) == "first")
  }

  /// Between making a folder and locking it, another writer may take it for an abandoned one.
  @Test func manyWritersAtOnceAllGetAFolder() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let failures = parallelMap(Array(0..<400), workers: 8) { [place] _ -> String? in
      do {
        let unfinished = try UnfinishedFolder.create(for: place)
        try Data("whole".utf8).write(to: unfinished.url.appendingPathComponent("case"))
        return nil
      } catch { return "\(error)" }
    }
    #expect(failures.allSatisfy { $0 == nil }, "\(failures.compactMap { $0 }.first ?? "")")
    #expect(try names == [])
  }

  @Test func whatAKilledProcessLeftIsRemovedAndNothingElse() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let others = [".other.\(UUID().uuidString)", ".phantom.notes", "phantom-2"]
    for name in others {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    let path = place.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let unfinished = try UnfinishedFolder.create(for: URL(fileURLWithPath: path))
      try Data("half".utf8).write(to: unfinished.url.appendingPathComponent("case"))
      kill(getpid(), SIGKILL)
    }
    #expect(try names.count == 4)
    let living = try UnfinishedFolder.create(for: place)
    #expect(try Set(names) == Set(others + [living.url.lastPathComponent]))
    withExtendedLifetime(try UnfinishedFolder.create(for: place)) { next in
      #expect(FileManager.default.fileExists(atPath: living.url.path) && next.url != living.url)
    }
    #expect(try Set(names) == Set(others + [living.url.lastPathComponent]))
  }

  @Test func aPlaceThatCannotBeIsNamed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data().write(to: folder.appendingPathComponent("file"))
    let error = #expect(throws: DatasetErrors.self) {
      _ = try UnfinishedFolder.create(for: folder.appendingPathComponent("file/phantom"))
    }
    #expect(error.map { "\($0)".contains("/file: cannot be written (Not a directory)") } == true)
  }
}
