import Foundation
import Testing

/// What `safnet report` does not overwrite, as a user types it.
@Suite struct ReplacingTests {
  private func report(_ program: Program, _ arguments: String...) throws -> Program.Result {
    try program.start(["report"] + arguments).wait()
  }

  private func contents(_ program: Program) throws -> [String: Data] {
    let root = program.folder.appendingPathComponent("Reports/small")
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: root.appendingPathComponent($0))) })
  }

  @Test func aFinishedReportStays() throws {
    let program = try FinishedSweep.copy()
    #expect(try report(program, "small.json").status == 0)
    let before = try contents(program)
    let edited = try report(program, "small.json", "--set", "training.epochs=5")
    #expect(edited.status == 1 && edited.output.isEmpty)
    #expect(edited.errors.contains("training.epochs: was 2, is 5"), "\(edited.errors)")
    let copy = program.folder.appendingPathComponent("other.json")
    let text = try String(contentsOf: program.folder.appendingPathComponent("small.json"), encoding: .utf8)
    try Data(text.replacing("\"batch\": 2", with: "\"batch\": 1").utf8).write(to: copy)
    #expect(try report(program, "other.json").status == 1)
    #expect(try contents(program) == before)
    #expect(try report(program, "small.json").status == 0)
  }

  @Test func beforeAnyRunNothingIsWritten() throws {
    let program = try Program()
    for command in [
      ["report", "small.json"], ["status", "small.json"], ["status"], ["runs", "list"], ["plan", "small.json"],
    ] {
      let result = try program.start(command + (command[0] == "plan" ? ["--no-measure"] : [])).wait()
      #expect(result.status == (command[0] == "report" ? 1 : 0), "\(command) \(result.errors)")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
      .filter { !$0.hasPrefix("printed-") }
    #expect(left == ["small.json"])
  }
}
