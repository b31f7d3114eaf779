import Dashboard
import Foundation
import TestSupport
import Testing

/// What is shown of a sweep, and that looking changes nothing.
@Suite struct LiveTests {
  private let experiment: ServedExperiment
  private var folder: TemporaryFolder { experiment.folder }
  private var running: RunningServer { experiment.running }

  init() throws { experiment = try ServedExperiment() }

  private func journal(_ index: Int = 0) throws -> URL {
    let name = try #require(try experiment.runs()[index]["run"] as? String)
    return folder.file("Workspace/runs/\(name)/journal.jsonl")
  }

  @Test func theSweepIsThatOfStatus() throws {
    try experiment.served { () throws in
      let output = try FinishedExperiment.program(folder, "status", "small.json", "--json").output
      let statuses = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
      let shown = try experiment.runs()
      #expect(shown.count == 4 && statuses.count == 4)
      for (run, status) in zip(shown, statuses) {
        for key in ["run", "variant", "fold", "state", "epochs", "plannedEpochs", "best", "testDice", "seconds"] {
          #expect("\(run[key] ?? "")" == "\(status[key] ?? "")", "\(key)")
        }
      }
    }
  }

  @Test func theTablesAreThoseOfTheReportDigitForDigit() throws {
    try experiment.served { () throws in
      let result = try FinishedExperiment.program(
        folder, "report", "small.json", "--format", "json", "csv", "markdown", "latex")
      #expect(result.status == 0, "\(result.errors)")
      let written = try String(contentsOf: folder.file("Reports/small/report.json"), encoding: .utf8)
      let tables = try #require(try record(written)["tables"] as? [[String: Any]])
      let shown = try #require(try running.json("/api/tables")["tables"] as? [[String: Any]])
      #expect(shown.count == tables.count && shown.count > 5)
      for (one, other) in zip(shown, tables) {
        let cells = (one["rows"] as? [[String: Any]] ?? []).flatMap { $0["cells"] as? [[String: Any]] ?? [] }.map {
          $0["record"]
        }
        #expect(try bytes(cells as Any) == bytes(other["cells"] as Any))
        let name = try #require(one["identifier"] as? String)
        for (format, ending) in [("csv", "csv"), ("latex", "tex")] {
          let file = try String(contentsOf: folder.file("Reports/small/\(name).\(ending)"), encoding: .utf8)
          let answer = try running.ask("/download?table=\(name)&format=\(format)")
          #expect(answer.body == file, "\(name).\(ending)")
          #expect(answer.field("Content-Disposition") == "attachment; filename=\"\(name).\(ending)\"")
        }
      }
    }
  }

  @Test func figuresAreThoseOfTheReport() throws {
    try experiment.served { () throws in
      _ = try FinishedExperiment.program(folder, "report", "small.json", "--format", "figures")
      let names = try #require(try running.json("/api/figures")["names"] as? [String])
      #expect(names == ["learning-curves", "structure-dice"])
      for name in names {
        let file = try String(contentsOf: folder.file("Reports/small/\(name).svg"), encoding: .utf8)
        let answer = try running.ask("/download?figure=\(name)")
        #expect(answer.body == file && answer.field("Content-Type") == "image/svg+xml", "\(name)")
      }
      #expect(try running.ask("/download?figure=report").status == 404)
    }
  }

  private func record(_ text: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
  }

  private func bytes(_ value: Any) throws -> Data {
    try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])
  }

  @Test func lookingWritesNothing() throws {
    try experiment.served { () throws in
      let before = try traces()
      for target in ["/api/sweep", "/api/tables", "/api/machine", "/api/report.json"] {
        #expect(try running.ask(target).status == 200)
      }
      let stream = try stream()
      usleep(1_500_000)
      withExtendedLifetime(stream) {}
      #expect(try traces() == before)
    }
  }

  /// Every file of the workspace with its size and its times.
  private func traces() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.file("Workspace").path).sorted().map { path in
      var status = stat()
      stat(folder.file("Workspace/\(path)").path, &status)
      return "\(path) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        + " \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec) \(status.st_ino)"
    }
  }

  private func stream() throws -> RawClient {
    let client = try RawClient(port: running.server.port)
    client.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(running.server.port)\r\n\(running.key)\r\n\r\n")
    _ = client.receive { $0.contains("data: ") }
    return client
  }

  @Test func aJournalLineIsTold() throws {
    try experiment.served { () throws in
      let journal = try journal()
      let stream = try stream()
      // What the first look found has been told by now.
      usleep(1_500_000)
      let lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
      try Data((lines.dropLast(2).joined(separator: "\n") + "\n").utf8).write(to: journal)
      #expect(stream.receive { $0.contains("event: change") }.contains("event: change"))
      #expect(try experiment.runs()[0]["state"] as? String != "finished")
    }
  }

  @Test func aDamagedRunCostsItselfOnly() throws {
    try experiment.served { () throws in
      try Data("nonsense\n".utf8).write(to: journal(1))
      let shown = try experiment.runs()
      #expect(shown.count == 4 && shown[0]["state"] as? String == "finished")
      #expect((shown[1]["notice"] as? String)?.contains("journal.jsonl") == true)
      #expect(try running.json("/api/tables")["problem"] == nil)
    }
  }

  @Test(arguments: ["journal.jsonl", "plan.json", "evaluation.h5", "notes.json", "run.lock"])
  func anUnreadableFileCostsItsRunOnly(file: String) throws {
    try experiment.served { () throws in
      let place = try journal(1).deletingLastPathComponent().appending(path: file)
      try? FileManager.default.removeItem(at: place)
      try #require(symlink(file, place.path) == 0)
      let shown = try experiment.runs()
      #expect(shown.count == 4 && shown[0]["state"] as? String == "finished")
      let isOfResults = !["notes.json", "run.lock"].contains(file)
      #expect(shown[1]["state"] as? String == (isOfResults ? "damaged" : "finished"))
      if file != "run.lock" { #expect((shown[1]["notice"] as? String)?.contains(file) == true) }
      #expect(try running.json("/api/tables")["problem"] == nil)
      #expect(try running.ask("/download?table=folds&format=csv").status == 200)
      let record = try record(running.ask("/api/report.json").body)
      let states = (record["runs"] as? [[String: Any]])?.map { $0["state"] as? String }
      #expect(states?.filter { $0 == "damaged" }.count == (isOfResults ? 1 : 0))
    }
  }

  @Test func whatCannotBeMadeIsNotKeptAsAFile() throws {
    try experiment.served { () throws in
      #expect(try running.ask("/download?table=folds&format=csv").status == 200)
      try FileManager.default.moveItem(at: folder.file("Workspace/runs"), to: folder.file("away"))
      for target in ["/download?table=folds&format=csv", "/download?figure=learning-curves", "/api/report.json"] {
        let answer = try running.ask(target)
        #expect(answer.status == 503 && answer.field("Content-Disposition") == nil, "\(target)")
        #expect(answer.field("Content-Type")?.hasPrefix("text/plain") == true && answer.body.contains("workspace"))
      }
    }
  }

  @Test func theRecordNamesTheExperimentsFile() throws {
    try experiment.served { () throws in
      let record = try record(running.ask("/api/report.json").body)
      #expect((record["experiment"] as? String)?.hasSuffix("/small.json") == true)
    }
  }

  @Test func whatPeopleWroteIsShownAtOnce() throws {
    try experiment.served { () throws in
      let name = try #require(try experiment.runs()[2]["run"] as? String)
      let words = "<script>alert(1)</script> \u{202e}\u{1b}[31m \"'&"
      #expect(try FinishedExperiment.program(folder, "runs", "note", name, words).status == 0)
      #expect(try FinishedExperiment.program(folder, "runs", "tag", name, "<b>", "paper").output == "<b> paper\n")
      let runs = try experiment.runs()
      #expect(runs[2]["note"] as? String == words && runs[2]["tags"] as? [String] == ["<b>", "paper"])
      #expect(runs[1]["note"] == nil && runs[1]["tags"] == nil)
      let line = try running.json("/api/run?name=\(name)")["line"] as? [String: Any]
      #expect(line?["note"] as? String == words && line?["tags"] as? [String] == ["<b>", "paper"])
    }
  }

  /// Of ten thousand runs a page that has them all gets the one that is new.
  @Test func onlyWhatHasChangedIsSentAgain() throws {
    try experiment.served { () throws in
      let before = try running.json("/api/sweep")
      let version = try #require(before["version"] as? Int)
      var runs = try #require(before["runs"] as? [[String: Any]])
      let nothing = try running.json("/api/sweep?since=\(version)")
      #expect(nothing["runs"] == nil && (nothing["changes"] as? [String: Any])?.isEmpty == true)
      let name = try #require(runs[2]["run"] as? String)
      #expect(try FinishedExperiment.program(folder, "runs", "tag", name, "paper").status == 0)
      let news = try running.json("/api/sweep?since=\(version)")
      let changes = try #require(news["changes"] as? [String: [String: Any]])
      #expect(Array(changes.keys) == ["2"] && news["runs"] == nil && news["version"] as? Int ?? 0 > version)
      runs[2] = changes["2"] ?? [:]
      #expect(try bytes(runs) == bytes(experiment.runs()), "the same as all of them")
      // A version that this server never had: of one that ran before it.
      for strange in ["99999", "-1", "x", "", "1e3"] {
        #expect((try running.json("/api/sweep?since=\(strange)")["runs"] as? [Any])?.count == 4, "\(strange)")
      }
    }
  }

  /// As on an archive's disk: everything is read, and nothing is asked to be written.
  @Test func aWorkspaceThatMayOnlyBeReadIsShown() throws {
    let workspace = folder.file("Workspace")
    try FileManager.default.removeItem(at: workspace.appending(path: "index.sqlite"))
    for path in try FileManager.default.subpathsOfDirectory(atPath: workspace.path) + [""] {
      var status = stat()
      stat(workspace.path + "/" + path, &status)
      chmod(workspace.path + "/" + path, status.st_mode & ~0o222)
    }
    try experiment.served { () throws in
      let before = try traces()
      #expect(try experiment.runs().allSatisfy { $0["state"] as? String == "finished" })
      #expect(try running.json("/api/sweep")["problem"] == nil)
      #expect((try running.json("/api/tables")["tables"] as? [Any])?.isEmpty == false)
      #expect(try traces() == before)
    }
    for path in try [""] + FileManager.default.subpathsOfDirectory(atPath: workspace.path) {
      chmod(workspace.path + "/" + path, 0o755)
    }
  }

  @Test func aWorkspaceThatVanishesIsNamedAndTheServerGoesOn() throws {
    try experiment.served { () throws in
      #expect(try experiment.runs().count == 4)
      let workspace = folder.file("Workspace")
      try FileManager.default.moveItem(at: workspace, to: folder.file("Elsewhere"))
      let problem = try running.json("/api/sweep")["problem"] as? String
      #expect(problem?.contains("there is no workspace in \(workspace.path)") == true)
      try FileManager.default.moveItem(at: folder.file("Elsewhere"), to: workspace)
      #expect(try running.json("/api/sweep")["problem"] == nil)
      #expect(try experiment.runs().allSatisfy { $0["state"] as? String == "finished" })
    }
  }
}
