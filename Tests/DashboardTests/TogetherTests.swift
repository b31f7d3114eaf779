import Foundation
import TestSupport
import Testing

/// The server, the coordinator and the workers as processes of the built program: whatever happens to one, the others go on.
@Suite(.serialized) struct TogetherTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("small.json", SmallExperiment.json(epochs: 40))
  }

  private func start(_ arguments: [String]) throws -> ChildProgram {
    // Without Swift's backtracer, which would take the signals for itself.
    try ChildProgram(
      FinishedExperiment.safnet, arguments, in: folder.url, environment: ["SWIFT_BACKTRACE": "enable=no"])
  }

  private func sweep(_ more: String...) throws -> ChildProgram {
    try start(["run", "small.json", "--threads", "1", "--jobs", "1", "--only", "Base", "--folds", "1"] + more)
  }

  /// The run that the sweep trains, as a server shows it.
  private func run(_ server: ServerProcess) throws -> [String: Any]? {
    try server.runs().first { $0["variant"] as? String == "Base" && $0["fold"] as? Int == 1 }
  }

  private func isTraining(_ server: ServerProcess) throws -> Bool {
    let run = try run(server)
    return run?["state"] as? String == "running" && (run?["epochs"] as? Int ?? 0) > 0
  }

  /// The processes that another one has started.
  private func children(of process: pid_t) throws -> [pid_t] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
      guard let number = pid_t(name), let status = try? String(contentsOfFile: "/proc/\(name)/status", encoding: .utf8)
      else { return nil }
      return status.contains("\nPPid:\t\(process)\n") ? number : nil
    }
  }

  @Test func aKilledServerHarmsNoSweep() throws {
    let sweep = try sweep()
    let server = try ServerProcess(in: folder)
    // It was started on a workspace that is being written.
    try #require(try holds(within: 60) { try isTraining(server) })
    kill(server.process, SIGKILL)
    let result = try sweep.wait()
    #expect(result.status == 0 && result.errors.contains("asked for are finished"), "\(result.errors)")
    let another = try ServerProcess(in: folder)
    defer { another.end() }
    #expect(try holds { try run(another)?["state"] as? String == "finished" })
    #expect(try run(another)?["epochs"] as? Int == 40 && run(another)?["notice"] == nil)
  }

  @Test func aKilledWorkerIsShownAndTriedAgain() throws {
    let sweep = try sweep()
    let server = try ServerProcess(in: folder)
    defer { server.end() }
    try #require(try holds(within: 60) { try isTraining(server) })
    kill(try #require(try children(of: sweep.process.processIdentifier).first), SIGKILL)
    let result = try sweep.wait()
    #expect(result.status == 0, "\(result.errors)")
    #expect(try holds { try run(server)?["state"] as? String == "finished" })
    let history = try server.json("/api/run?name=\(try run(server)?["run"] as? String ?? "")")["history"] as? [String]
    #expect(history?.count { $0.contains("started on") || $0.contains("resumed after") } ?? 0 >= 2, "\(history ?? [])")
  }

  @Test func aWorkerThatIsNotTriedAgainIsShownWithItsReason() throws {
    let sweep = try sweep("--retries", "0")
    let server = try ServerProcess(in: folder)
    defer { server.end() }
    try #require(try holds(within: 60) { try isTraining(server) })
    kill(try #require(try children(of: sweep.process.processIdentifier).first), SIGKILL)
    #expect(try sweep.wait().status == 1)
    #expect(try holds { ["failed", "stale"].contains(try run(server)?["state"] as? String) })
    let log = try run(server)?["logTail"] as? [String]
    #expect(log?.contains { $0.contains("signal 9") } == true, "\(log ?? [])")
  }

  @Test func aKilledCoordinatorLeavesTheServerAndANewOneGoesOn() throws {
    let first = try sweep()
    let server = try ServerProcess(in: folder)
    defer { server.end() }
    try #require(try holds(within: 60) { try isTraining(server) })
    kill(first.process.processIdentifier, SIGKILL)
    _ = try first.wait()
    #expect(try run(server)?["state"] as? String != "finished")
    let result = try sweep().wait()
    #expect(result.status == 0, "\(result.errors)")
    #expect(try holds { try run(server)?["state"] as? String == "finished" })
    #expect(try run(server)?["epochs"] as? Int == 40)
  }
}

/// What a server shows of workspaces that are not as they should be.
@Suite struct OddWorkspaceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try FinishedExperiment.copy() }

  @Test func aRunThatWasDamagedBeforehandCostsItselfOnly() throws {
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("Workspace/runs").path).min())
    try Data("nonsense\n".utf8).write(to: folder.file("Workspace/runs/\(name)/journal.jsonl"))
    let server = try ServerProcess(in: folder)
    defer { server.end() }
    #expect(try holds { try server.runs().count == 4 })
    let runs = try server.runs()
    #expect(runs.count { $0["state"] as? String == "finished" } == 3, "\(runs)")
    let damaged = runs.first { $0["run"] as? String == name }
    #expect((damaged?["notice"] as? String)?.contains("journal.jsonl") == true, "\(damaged ?? [:])")
  }

  @Test func aWorkspaceThatIsMovedAwayAndBackIsNamedAndShownAgain() throws {
    let server = try ServerProcess(in: folder)
    defer { server.end() }
    #expect(try holds { try server.runs().count { $0["state"] as? String == "finished" } == 4 })
    let workspace = folder.file("Workspace")
    try FileManager.default.moveItem(at: workspace, to: folder.file("Elsewhere"))
    #expect(
      try holds { (try server.json("/api/sweep")["problem"] as? String)?.contains("there is no workspace in") == true })
    try FileManager.default.moveItem(at: folder.file("Elsewhere"), to: workspace)
    #expect(try holds { try server.json("/api/sweep")["problem"] == nil })
    #expect(try holds { try server.runs().count { $0["state"] as? String == "finished" } == 4 })
    #expect(server.isRunning)
  }

  /// A disk that nothing can be written on, whoever asks.
  @Test(.enabled(if: ServerProcess.canMount, "only root can mount a read-only folder"))
  func aReadOnlyDiskIsShown() throws {
    try FileManager.default.removeItem(at: folder.file("Workspace/index.sqlite"))
    let server = try ServerProcess(in: folder, isReadOnly: true)
    defer { server.end() }
    #expect(try holds { try server.runs().count { $0["state"] as? String == "finished" } == 4 })
    #expect(try server.json("/api/sweep")["problem"] == nil)
    #expect((try server.json("/api/tables")["tables"] as? [Any])?.isEmpty == false)
  }
}

/// Whether something becomes true in time.
private func holds(within seconds: Double = 20, _ condition: () throws -> Bool) throws -> Bool {
  let begin = Date()
  while Date().timeIntervalSince(begin) < seconds {
    if try condition() { return true }
    usleep(100_000)
  }
  return false
}

/// `safnet dashboard small.json`, as a process of its own.
private struct ServerProcess: Answering {
  let port: Int
  let token: String
  private let child: ChildProgram

  var process: pid_t { child.process.processIdentifier }
  var isRunning: Bool { child.process.isRunning }

  struct NotStarted: Error { let words: String }

  /// - Parameter isReadOnly: the workspace is mounted so, for this process alone.
  init(in folder: TemporaryFolder, isReadOnly: Bool = false) throws {
    let arguments = ["dashboard", "small.json", "--port", "0"]
    child =
      isReadOnly
      ? try ChildProgram(
        URL(filePath: "/usr/bin/unshare"),
        ["-m", "sh", "-c", Self.mounting, FinishedExperiment.safnet.path] + arguments,
        in: folder.url)
      : try ChildProgram(FinishedExperiment.safnet, arguments, in: folder.url)
    var address = ""
    _ = try holds { [child] in
      address = try String(contentsOf: child.output, encoding: .utf8)
      return address.hasSuffix("\n") || !child.process.isRunning
    }
    let parts = address.trimmingCharacters(in: .newlines).components(separatedBy: "/?token=")
    guard parts.count == 2, let port = parts[0].split(separator: ":").last.flatMap({ Int($0) }) else {
      child.process.terminate()
      throw NotStarted(words: try address + String(contentsOf: child.errors, encoding: .utf8))
    }
    (self.port, token) = (port, parts[1])
  }

  func end() {
    child.process.terminate()
    child.process.waitUntilExit()
  }

  private static let mounting =
    "mount --make-rprivate / && mount --bind Workspace Workspace && mount -o remount,bind,ro Workspace"
    + " && ! touch Workspace/trace 2>/dev/null && exec \"$0\" \"$@\""

  static let canMount: Bool = {
    guard getuid() == 0, let folder = try? TemporaryFolder() else { return false }
    try? FileManager.default.createDirectory(at: folder.file("a"), withIntermediateDirectories: true)
    let script = "mount --make-rprivate / && mount --bind a a && mount -o remount,bind,ro a"
    return
      (try? ChildProgram(URL(filePath: "/usr/bin/unshare"), ["-m", "sh", "-c", script], in: folder.url).wait().status)
      == 0
  }()
}
