import CPU
import Dashboard
import Experiments
import Foundation
import Store
import TestSupport
import Workbench

/// Whoever answers at a port of this machine.
protocol Answering {
  var port: Int { get }
  var token: String { get }
}

extension Answering {
  var key: String { "Cookie: safnet-\(port)=\(token)" }

  /// A request with these lines after `Host`; with the key, unless told otherwise.
  func ask(
    _ target: String, method: String = "GET", host: String? = nil, lines: [String] = [], hasKey: Bool = true
  ) throws -> Answer {
    let client = try RawClient(port: port)
    let head = ["\(method) \(target) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")"]
    client.send((head + (hasKey ? [key] : []) + lines).joined(separator: "\r\n") + "\r\n\r\n")
    return Answer(client.receive())
  }

  func json(_ target: String) throws -> [String: Any] {
    let answer = try ask(target)
    return try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any] ?? [:]
  }

  func runs() throws -> [[String: Any]] { try json("/api/sweep")["runs"] as? [[String: Any]] ?? [] }
}

/// A server on a folder of its own.
struct RunningServer: Answering {
  let source: LiveSource
  let server: DashboardServer

  init(_ workspace: URL, _ specification: Specification? = nil, limits: Limits = Limits()) throws {
    source = LiveSource(
      workspace: Workspace(workspace), specification: specification, program: Self.program, patience: 30,
      freshness: 0)
    server = try DashboardServer(source, limits: limits)
  }

  static let program = RunningProgram(
    version: "test", engine: CPUEngine(), executable: URL(fileURLWithPath: "/nowhere/safnet"), commandLine: ["safnet"])

  func close() {
    server.close()
    source.close()
  }

  var port: Int { server.port }
  var token: String { server.token.text }
}

struct Answer {
  let status: Int
  let head: String
  let body: String

  init(_ text: String) {
    let parts = text.components(separatedBy: "\r\n\r\n")
    head = parts[0]
    body = parts.dropFirst().joined(separator: "\r\n\r\n")
    status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
  }

  func field(_ name: String) -> String? {
    head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
      .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }
}

/// A copy of the finished experiment and a server on it, of one test.
struct ServedExperiment {
  let folder: TemporaryFolder
  let running: RunningServer

  init() throws {
    folder = try FinishedExperiment.copy()
    running = try RunningServer(folder.file("Workspace"), FinishedExperiment.specification(in: folder))
  }

  /// The server is closed at the end.
  func served(_ body: () throws -> Void) throws {
    defer { running.close() }
    try body()
  }

  func runs() throws -> [[String: Any]] { try running.runs() }
}

/// The small experiment, trained to its end by the built program: once, and copied for each test.
enum FinishedExperiment {
  static let safnet = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("safnet")

  private static let made = Result {
    let folder = try TemporaryFolder().keptUntilExit()
    try folder.write("small.json", SmallExperiment.json())
    let result = try ChildProgram(safnet, ["run", "small.json", "--threads", "1"], in: folder.url, environment: [:])
      .wait()
    guard result.status == 0 else { throw NotTrained(words: result.errors) }
    return folder
  }

  struct NotTrained: Error { let words: String }

  static func copy() throws -> TemporaryFolder {
    let (original, copy) = (try made.get(), try TemporaryFolder())
    for name in try FileManager.default.contentsOfDirectory(atPath: original.url.path) {
      try FileManager.default.copyItem(at: original.file(name), to: copy.file(name))
    }
    return copy
  }

  static func specification(in folder: TemporaryFolder) throws -> Specification {
    try Specification.load(folder.file("small.json"), overrides: [])
  }

  @discardableResult
  static func program(_ folder: TemporaryFolder, _ arguments: String...) throws -> ChildProgram.Result {
    try ChildProgram(safnet, arguments, in: folder.url, environment: [:]).wait()
  }
}
