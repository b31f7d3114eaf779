import Foundation
import TestSupport
import Testing

/// Whatever has become of the index, every command that opens it says so once, beside its own answer.
@Suite struct IndexWarningTests {
  private let program: Program
  private var index: String { program.folder.appending(path: "Workspace/index.sqlite").path }

  init() throws { program = try FinishedSweep.copy() }

  private func removeIndex() { for ending in ["", "-wal", "-shm", "-journal"] { unlink(index + ending) } }

  private static let commands = [
    ["status"], ["status", "small.json", "--json"], ["runs", "list"], ["runs", "list", "--json"],
    ["runs", "compare", "RUN", "OTHER", "--json"], ["runs", "remove", "--state", "failed"], ["runs", "remove", "RUN"],
    ["run", "small.json", "--threads", "1"],
  ]

  @Test(arguments: commands) func aPipeInItsPlaceIsTold(command: [String]) throws {
    let names = try program.runNames()
    removeIndex()
    try #require(mkfifo(index, 0o600) == 0)
    let words = command.map { $0 == "RUN" ? names[0] : $0 == "OTHER" ? names[1] : $0 }
    let result = try program.start(words).wait()
    let told = result.errors.split(separator: "\n").filter { $0.contains("index.sqlite") }
    #expect(told.count == 1, "\(result.errors)")
    #expect(
      told.first?.hasPrefix("warning: index.sqlite cannot be used (cannot read ") == true
        && told.first?.hasSuffix(
          "/Workspace/index.sqlite: not a plain file): the runs were read one by one. Move away what stands there.")
          == true,
      "\(result.errors)")
    if command.contains("--json") {
      _ = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }
  }

  @Test func aDamagedOneIsToldOnceAndMadeAnew() throws {
    removeIndex()
    try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: index))
    let result = try program("status")
    let told = result.errors.split(separator: "\n").filter { $0.contains("index.sqlite") }
    #expect(told.count == 1 && told.first?.hasPrefix("warning: index.sqlite was damaged (") == true, "\(result.errors)")
    #expect(result.output.contains("4 runs: 4 finished"), "\(result.output)")
    #expect(try !program("status").errors.contains("index.sqlite"))
  }
}
