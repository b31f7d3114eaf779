import Foundation
import TestSupport
import Testing

/// `runs remove` beside a sweep that is at work.
@Suite struct RemovalCommandTests {
  private func waitForText(_ text: String, in file: URL) throws {
    for _ in 0..<600 {
      if try String(contentsOf: file, encoding: .utf8).contains(text) { return }
      Thread.sleep(forTimeInterval: 0.1)
    }
    Issue.record("'\(text)' did not appear")
  }

  private func names(_ state: String, _ program: Program) throws -> [String] {
    try program.json("runs", "list", "--json", "--state", state).compactMap { $0["run"] as? String }
  }

  @Test func aSweepAtWorkKeepsItsRuns() throws {
    let program = try Program(epochs: 400)
    let sweep = try program.start(["run", "small.json", "--threads", "1", "--jobs", "1"])
    let number = sweep.process.processIdentifier
    defer { kill(number, SIGKILL) }
    try waitForText("epochs", in: sweep.errors)
    let (trained, waiting) = (try names("running", program), try names("queued", program))
    try #require(trained.count == 1 && waiting.count == 3, "\(trained) \(waiting)")
    for command in [["--state", "queued", "--yes"], ["--state", "queued", "--dry-run"], [waiting[0]]] {
      let refused = try program.start(["runs", "remove"] + command).wait()
      #expect(refused.status == 2 && refused.output.isEmpty, "\(command): \(refused.output)")
      #expect(
        refused.errors.hasPrefix("error: a run that waits in a sweep that is at work is not removed:\n")
          && refused.errors.contains("on this machine, process \(number): press Ctrl-C in its terminal, or type `kill"),
        "\(refused.errors)")
    }
    // Nothing is said that is not going to be done, and what is typed afterwards is said as it is typed.
    for option in ["--dry-run", "--yes"] {
      let busy = try program("runs", "remove", trained[0], option)
      #expect(busy.status == 2 && busy.output.isEmpty, "\(busy.output)")
      #expect(busy.errors.contains("`safnet runs remove \(trained[0]) --yes` takes it"), "\(busy.errors)")
    }
    kill(number, SIGTERM)
    #expect(try sweep.wait().errors.contains("Interrupted; "))
    let removed = try program("runs", "remove", "--state", "queued", "--yes")
    #expect(removed.status == 0 && removed.output.split(separator: "\n").count == 3, "\(removed.errors)")
    #expect(try program("runs", "remove", trained[0], "--yes").status == 0)
  }
}
