import Foundation
import JSON
import Store

/// Experiments and runs as an MLflow server keeps them: found by our tags, made, filled and ended.
struct MLflowRuns {
  let client: MLflowClient

  private static let keyTag = "safnet.key"
  /// How many numbers of a run were sent; ``complete`` once all were and it has ended.
  static let progressTag = "safnet.sent"
  static let complete = "complete"

  /// The experiment of that name, found or made.
  func makeExperiment(_ name: String) throws -> String {
    if let known = try client.experiment(named: name) { return known }
    let answer = try client.call("experiments/create", .object([("name", .string(name))]))
    guard let made = answer?["experiment_id"]?.text else {
      throw MLflowClient.Failure.notUnderstood(call: "experiments/create")
    }
    return made
  }

  /// The run of that key, found or made, and how far it was sent.
  func makeRun(
    key: String, name: String, start: Double, in experiment: String, tags: [(String, String)]
  ) throws -> (identifier: String, progress: String) {
    let found = try client.call(
      "runs/search",
      .object([
        ("experiment_ids", .array([.string(experiment)])), ("max_results", 1),
        ("filter", .string("tags.`\(Self.keyTag)` = '\(key.replacingOccurrences(of: "'", with: ""))'")),
      ]))
    if case .array(let runs)? = found?["runs"]?.content, let run = runs.first {
      return (try identifier(of: run, "runs/search"), progress(of: run))
    }
    let all = [
      ("mlflow.runName", name), (Self.keyTag, key.replacingOccurrences(of: "'", with: "")), (Self.progressTag, "0"),
    ]
    let made = try client.call(
      "runs/create",
      .object([
        ("experiment_id", .string(experiment)), ("run_name", .string(name)), ("start_time", Self.milliseconds(start)),
        ("tags", .array((all + tags).map(Self.pair))),
      ]))
    guard let run = made?["run"] else { throw MLflowClient.Failure.notUnderstood(call: "runs/create") }
    return (try identifier(of: run, "runs/create"), "0")
  }

  private func identifier(of run: JSONNode, _ call: String) throws -> String {
    guard let found = run["info"]?["run_id"]?.text else { throw MLflowClient.Failure.notUnderstood(call: call) }
    return found
  }

  private func progress(of run: JSONNode) -> String {
    guard case .array(let tags)? = run["data"]?["tags"]?.content else { return "0" }
    return tags.first { $0["key"]?.text == Self.progressTag }?["value"]?.text ?? "0"
  }

  func log(
    _ run: String, metrics: [JSONValue] = [], parameters: [JSONValue] = [], tags: [(String, String)] = []
  ) throws {
    let body: [(String, JSONValue)] = [
      ("run_id", .string(run)), ("metrics", .array(metrics)), ("params", .array(parameters)),
      ("tags", .array(tags.map(Self.pair))),
    ]
    _ = try client.call("runs/log-batch", .object(body))
  }

  func finish(_ run: String, state: RunState, end: Double) throws {
    let status =
      switch state {
      case .finished: "FINISHED"
      case .failed, .damaged: "FAILED"
      case .interrupted, .stale: "KILLED"
      case .running, .queued: "RUNNING"
      }
    var body: [(String, JSONValue)] = [("run_id", .string(run)), ("status", .string(status))]
    if status != "RUNNING" { body.append(("end_time", Self.milliseconds(end))) }
    _ = try client.call("runs/update", .object(body))
  }

  func metric(_ point: RunCurves.Point) -> JSONValue {
    .object([
      ("key", .string(Self.name(point.name))), ("value", .number(point.value)),
      ("timestamp", Self.milliseconds(point.time)), ("step", .number(Double(point.step))),
    ])
  }

  private static func milliseconds(_ seconds: Double) -> JSONValue { .number((seconds * 1000).rounded()) }

  private static func pair(_ tag: (String, String)) -> JSONValue {
    .object([("key", .string(tag.0)), ("value", .string(tag.1))])
  }

  /// Letters, digits and the few signs that the server allows; a disc's slash would make a folder of a number.
  static func name(_ text: String) -> String {
    let (folder, rest) = text.split(separator: "/", maxSplits: 1).map(String.init).pair
    func plain(_ part: String) -> String {
      String(part.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-. :".contains($0)) ? $0 : "-" })
    }
    return rest.map { "\(plain(folder))/\(plain($0))" } ?? plain(folder)
  }
}

extension [String] {
  /// The first, and what is behind it.
  fileprivate var pair: (String, String?) { (first ?? "", count > 1 ? self[1] : nil) }
}
