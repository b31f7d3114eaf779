import Experiments
import Foundation
import Scheduling
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
    let (json, name) = (SmallExperiment.json(), try #require(specification.shownFile))
    #expect(try edit(json.replacing("\"epochs\": 2", with: "\"epochs\": 3")) == .edited(name))
    #expect(try edit(json.replacing("\"epochs\": 2", with: "\"epochs\": 0")) == .unsound(name))
    #expect(try edit(String(json.dropLast(5))) == .unsound(name))
    try FileManager.default.moveItem(at: file, to: folder.file("moved.json"))
    #expect(FileEdit(since: specification) == .gone)
  }

  @Test func optionsStandWhereTheyAreUnderstood() {
    let again = "small.json --set training.batch=1 --workspace W"
    let outcome = SweepOutcome(finished: [], failed: [], interrupted: [], wasStopped: false)
    #expect(
      outcome.closingWords(file: again, edit: .edited("small.json")).contains(
        "small.json was edited since: `safnet report \(again)` makes the tables"))
    let unsound = outcome.closingWords(file: again, edit: .unsound("small.json"))
    #expect(unsound.contains("small.json was edited since and has mistakes, which `safnet validate small.json` names"))
    #expect(unsound.contains("`safnet report \(again)` makes the tables"))
  }
}
