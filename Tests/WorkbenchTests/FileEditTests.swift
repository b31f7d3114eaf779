import Experiments
import Foundation
import TestSupport
import Testing
import Workbench

/// What a sweep's last words say of a file that is no longer what it was.
@Suite struct FileEditTests {
  private let folder: TemporaryFolder
  private let specification: Specification
  private var file: URL { folder.file("small.json") }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("small.json", SmallExperiment.json())
    specification = try Specification.load(folder.file("small.json"), overrides: ["training.batch=1"])
  }

  private func edit(_ text: String) throws -> FileEdit? {
    try folder.write("small.json", text)
    return FileEdit(since: specification)
  }

  @Test func whatAsksForTheSameRunsIsNoEdit() throws {
    #expect(FileEdit(since: specification) == nil)
    let json = SmallExperiment.json()
    #expect(try edit(json.replacing("\n", with: "\n\n")) == nil)
    #expect(try edit(json.replacing("\"name\": \"small\",", with: "\"name\": \"small\", \"title\": \"Other\",")) == nil)
    // The option still holds.
    #expect(try edit(json.replacing("\"batch\": 2", with: "\"batch\": 3")) == nil)
  }

  @Test func whatAsksForOthersIsTold() throws {
    let json = SmallExperiment.json()
    #expect(try edit(json.replacing("\"epochs\": 2", with: "\"epochs\": 3")) == .edited)
    #expect(try edit(json.replacing("\"epochs\": 2", with: "\"epochs\": 0")) == .unsound)
    #expect(try edit(String(json.dropLast(5))) == .unsound)
    try FileManager.default.moveItem(at: file, to: folder.file("moved.json"))
    #expect(FileEdit(since: specification) == .gone)
  }
}
