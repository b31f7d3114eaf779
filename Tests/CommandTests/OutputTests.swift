import Foundation
import TestSupport
import Testing

/// What happens when standard output takes nothing: never a result that is cut off and exit code 0.
@Suite struct OutputTests {
  private static let commands: [[String]] = [
    ["runs", "list", "--json"], ["runs", "list"], ["status", "small.json"], ["plan", "small.json", "--no-measure"],
    ["dataset", "check", "phantom", "--json"], ["schema"], ["--help"], ["--version"], ["report", "small.json"],
    ["validate", "small.json"], ["status", "small.json", "--watch"],
  ]

  /// The program behind a shell that gives it another output.
  private func run(_ command: [String], _ redirection: String) throws -> ChildProgram.Result {
    let program = try FinishedSweep.copy()
    return try program.start(
      ["-c", "exec \"$0\" \"$@\" \(redirection)", Program.executable.path] + command,
      executable: URL(filePath: "/bin/sh")
    ).wait()
  }

  @Test(arguments: commands) func aFullDiskIsSaid(_ command: [String]) throws {
    let result = try run(command, ">/dev/full")
    #expect(result.status == 1)
    #expect(
      result.errors.hasSuffix(
        "error: standard output: no space left on device. The output is not complete; give it room or a reader, and again.\n"
      ),
      "\(result.errors)")
  }

  /// Its exit code is 1 by itself; without its words nobody would know why.
  @Test func aCheckThatFindsProblemsIsNotSilent() throws {
    let program = try FinishedSweep.copy()
    let mask = program.folder.appendingPathComponent("phantom/Mask/mask_case1.nii.gz")
    try Data().write(to: mask)
    let result = try program.start(
      ["-c", "exec \"$0\" dataset check phantom >/dev/full", Program.executable.path],
      executable: URL(filePath: "/bin/sh")
    ).wait()
    #expect(result.status == 1 && result.errors.hasPrefix("error: standard output: "), "\(result.errors)")
  }

  @Test(arguments: [["schema"], ["runs", "list"], ["--help"]]) func aClosedOutputIsSaid(_ command: [String]) throws {
    let result = try run(command, ">&-")
    #expect(result.status == 1 && result.errors.contains("error: standard output: "), "\(result.errors)")
  }

  /// The schema is longer than a pipe holds.
  @Test func aReaderThatLeavesIsSaid() throws {
    let program = try Program()
    let result = try program.start(
      ["-c", "{ \"$0\" schema; echo $? >code; } | head -c 1", Program.executable.path],
      executable: URL(filePath: "/bin/sh")
    ).wait()
    let code = try String(contentsOf: program.folder.appendingPathComponent("code"), encoding: .utf8)
    let isShort = try program("schema").output.utf8.count <= 65_536
    #expect(isShort || code == "1\n" && result.errors.contains("broken pipe"), "\(code) \(result.errors)")
  }

  @Test func namesDoNotActOnTheTerminal() throws {
    let program = try FinishedSweep.copy()
    let evil = "a\u{1B}[2Jb\u{202E}c"
    let encoded = String(decoding: try JSONEncoder().encode(evil), as: UTF8.self)
    let variant = try program("validate", "small.json", "--set", "variants.0.name=\(encoded)")
    #expect(variant.status == 2 && variant.errors.contains("U+001B") && !variant.errors.contains("\u{1B}"))
    let refused = try program("runs", "show", evil)
    #expect(refused.errors.contains("'a[U+001B][2Jb[U+202E]c'") && !refused.errors.contains("\u{1B}"))
    let runs = program.folder.appendingPathComponent("Workspace/runs").path
    let run = try #require(try FileManager.default.contentsOfDirectory(atPath: runs).min())
    #expect(try program("runs", "note", run, evil).status == 0)
    let listed = try program("runs", "list")
    #expect(listed.output.contains("a[U+001B][2Jb[U+202E]c"), "\(listed.output) \(listed.errors)")
    let list = try program("runs", "list", "--json")
    #expect(!list.output.unicodeScalars.contains("\u{202E}") && list.output.contains("\\u202e"))
    let decoded = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
    #expect(decoded?.contains { $0["note"] as? String == evil } == true)
  }
}
