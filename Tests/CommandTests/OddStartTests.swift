import Foundation
import TestSupport
import Testing

/// Random command lines, experiments, data sets and workspaces, legal and not: a few here, 10^5 in `make soak`.
@Suite(.enabled(if: Python.has("gzip"), "needs python3")) struct OddStartTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/Starts/starts.py")

  private func starts(_ arguments: [String], of program: URL = Program.executable) throws -> Program.Result {
    let folder = try TemporaryFolder()
    return try ChildProgram(
      URL(filePath: "/usr/bin/env"),
      ["python3", Self.script.path, program.path, "--keep", folder.file("kept").path] + arguments, in: folder.url
    ).wait()
  }

  @Test func noStartMeetsASignalAHangOrSilence() throws {
    let result = try starts(["--starts", "200", "--seed", "1"])
    #expect(result.status == 0 && result.output.contains("200 starts"), "\(result.output)\(result.errors)")
  }

  /// A program that is as bad as it can be in one way is found out.
  @Test(arguments: [
    ("kill -SEGV $$", "signal 11"), ("exit 1", "exit code 1 without an error"),
    ("echo 'error: x' >&2; exit 0", "exit code 0"),
    ("echo 'Fatal error: Index out of range' >&2; exit 1", "strange words"), ("echo x >tiny.json; exit 0", "changed"),
    ("exit 7", "exit code 7"),
  ])
  func aBadProgramIsFoundOut(does: String, words: String) throws {
    let folder = try TemporaryFolder()
    // Sound until the starts begin: the schema, the template's runs and the pages of help.
    let bad = folder.file("bad")
    try writeProgram(
      """
      #!/bin/sh
      case "$*" in schema|*--help*|"run tiny.json --jobs 1 --threads 1") exec \(Program.executable.path) "$@";; esac
      \(does)
      """, to: bad)
    let result = try starts(["--starts", "12", "--seed", "3"], of: bad)
    #expect(result.status == 1 && result.output.contains(words), "\(result.output)\(result.errors)")
  }
}
