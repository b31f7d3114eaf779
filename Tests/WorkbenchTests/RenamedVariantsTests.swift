import Experiments
import Foundation
import Store
import Testing
import Workbench

/// Where it is not said that variants have changed their names.
@Suite struct RenamedVariantsTests {
  let sweep: SmallSweep
  let text: String

  init() throws {
    sweep = try SmallSweep.trained()
    text = try String(contentsOf: sweep.folder.appending(path: "small.json"), encoding: .utf8)
  }

  /// What is said of a file with this text.
  private func notices(_ text: String, of name: String) throws -> String {
    let file = sweep.folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: Specification.load(file), console: console).read()
    return console.errors
  }

  /// Whether it is said there.
  private func isTold(_ text: String, of name: String) throws -> Bool {
    try notices(text, of: name).contains("names have changed: ")
  }

  /// As those of a grid have it.
  @Test func aNameWithACommaStandsInQuotes() throws {
    let words = try notices(text.replacing("\"Base\"", with: "\"Plain, wide\""), of: "small.json")
    #expect(words.contains("names have changed: \"Plain, wide\" was called Base. The runs stay"), "\(words)")
  }

  /// Its variants have never been called otherwise.
  @Test func anotherFileOfTheNameHasRenamedNothing() throws {
    let other = text.replacing("\"Base\"", with: "\"Plain\"")
    #expect(try !isTold(other, of: "twin.json"))
    #expect(try isTold(other, of: "small.json"))
  }

  @Test func ofRunsThatAreGoneNothingIsSaid() throws {
    for run in try sweep.workspace.runDirectories() where run.name.hasPrefix("safnet-base") {
      try FileManager.default.removeItem(at: run.url)
    }
    #expect(try !isTold(text.replacing("\"Base\"", with: "\"Plain\""), of: "small.json"))
    #expect(try isTold(text.replacing("\"SAFNet\"", with: "\"Whole\""), of: "small.json"))
  }
}
