import Foundation
import Testing

@Suite struct RunForCommandTests {
  /// A run's folder where a command of the group must stand.
  @Test func aRunBehindRunsIsShown() throws {
    let program = try Program()
    let run = program.folder.appending(path: "mine")
    try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: run.appending(path: "plan.json"))
    let result = try program("runs", "mine")
    let words = "mine stands where a command must. `safnet runs show mine` shows the run."
    #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
  }
}
