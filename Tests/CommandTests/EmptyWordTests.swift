import Foundation
import Testing

/// What a variable of the shell that is not set leaves behind, where a path or a name must stand.
@Suite struct EmptyWordTests {
  @Test(arguments: [
    (["run", "small.json", "--workspace", ""], "error: --workspace is empty; give a folder, or leave it out\n"),
    (["run", "small.json", "--workspace="], "error: --workspace is empty; give a folder, or leave it out\n"),
    (["run", "small.json", "--site", ""], "error: --site is empty; give a file, or leave it out\n"),
    (["report", "small.json", "-o", ""], "error: --output is empty; give a folder, or leave it out\n"),
    (["new", "phantom", "-o", ""], "error: --output is empty; give a file's name\n"),
    (["run", ""], "a name is empty where `safnet run` takes <file>"),
    (["validate", "--set", "training.epochs=1", ""], "a name is empty where `safnet validate` takes <file>"),
    (["new", "", "-o", "new.json"], "a name is empty where `safnet new` takes <dataset>"),
    (["evaluate", "", "phantom"], "a name is empty where `safnet evaluate` takes <prediction>"),
    (["dataset", "phantom", ""], "a name is empty where `safnet dataset phantom` takes <folder>"),
    (["evaluate", "a", "b", "--csv", ""], "error: --csv is empty; give a file, or leave it out\n"),
    (["evaluate", "phantom", ""], "a name is empty where `safnet evaluate` takes <truth>"),
    (
      ["import", "predictions", "phantom", "--experiment", "small.json", "--name", "x", "--labels", ""],
      "error: --labels is empty; give a file, or leave it out\n"
    ),
  ])
  func isRefusedBeforeAnythingIsMade(arguments: [String], words: String) throws {
    let program = try Program()
    let result = try program.start(arguments).wait()
    #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(names.filter { !$0.hasPrefix("printed-") } == ["small.json"])
  }

  /// An empty text takes it away.
  @Test func aNoteMayBeEmpty() throws {
    let program = try Program()
    let result = try program.start(["runs", "note", "a", ""]).wait()
    #expect(!result.errors.contains("is empty"), "\(result.errors)")
  }
}
