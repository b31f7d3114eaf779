import Experiments
import Foundation
import Interchange
import JSON
import Metrics
import Store
import Text

/// Runs as an MLflow server keeps them: one for each of ours, below a parent for the variant with means and intervals.
///
/// What is there is found by a tag and never made twice. A run's numbers are sent in batches, each with a tag that says how
/// far they go, so that an interrupted export goes on where it stopped.
struct MLflowExport {
  let runs: ExportedRuns
  let program: RunningProgram
  let client: MLflowClient
  /// What the experiment is called on the server.
  let experiment: String
  /// What the parent is called; nil: as its network.
  let variant: String?

  /// What there was to do.
  struct Outcome {
    var sent = 0
    var alreadyThere = 0
    var notes: [String] = []
  }

  /// Well below the server's limits of 1000 metrics, 100 parameters and 1 MB, and of a line that curl reads.
  private static let batch = 300
  private static let parameterBatch = 50
  /// Of a parameter's value, on the oldest servers that are still met.
  private static let longestValue = 500

  func send(_ report: (String) -> Void) throws -> Outcome {
    let curves = try runs.directories.map { try RunCurves($0, program) }
    let identifier = try makeExperiment()
    let parentName = variant ?? curves[0].plan.model.slug
    let parent = try makeRun(
      key: "variant \(parentName)", name: parentName, start: curves.map(\.start).min() ?? 0, in: identifier, tags: [])
    var outcome = Outcome()
    for one in curves {
      let isNew = try send(one, parent: parent.identifier, in: identifier, &outcome)
      if isNew { outcome.sent += 1 } else { outcome.alreadyThere += 1 }
      report("\(one.run.name) \(isNew ? "sent" : "is there already")")
    }
    try sendSummary(of: curves, to: parent.identifier)
    return outcome
  }

  // MARK: One run

  private func send(
    _ one: RunCurves, parent: String, in experiment: String, _ outcome: inout Outcome
  ) throws -> Bool {
    let found = try makeRun(
      key: "run \(one.identity)", name: one.run.name, start: one.start, in: experiment,
      tags: try tags(of: one) + [("mlflow.parentRunId", parent)])
    guard found.progress != Self.complete else { return false }
    try sendParameters(of: one, to: found.identifier, &outcome)
    var sent = Int(found.progress) ?? 0
    while sent < one.points.count {
      let next = one.points[sent..<min(sent + Self.batch, one.points.count)]
      sent += next.count
      try log(found.identifier, metrics: next.map(metric), tags: [(Self.progressTag, "\(sent)")])
    }
    if one.leftOut > 0 { outcome.notes.append("\(one.run.name): \(one.leftOut) numbers that are not finite") }
    let state = try one.run.state()
    try finish(found.identifier, state: state, end: one.end)
    // A run that goes on is sent on from where it was.
    if state == .finished { try log(found.identifier, tags: [(Self.progressTag, Self.complete)]) }
    return true
  }

  private func tags(of one: RunCurves) throws -> [(String, String)] {
    let environment = try one.run.readPlan().environment
    var tags = [
      ("mlflow.source.name", "safnet \(environment.programVersion)"), ("mlflow.source.type", "LOCAL"),
      ("safnet.run", one.run.name), ("safnet.plan", one.identity), ("safnet.fold", "\(one.plan.fold.number)"),
      ("safnet.seed", "\(one.plan.training.seed)"), ("safnet.host", environment.host),
      // What a run wrote stays where it is: a link.
      ("safnet.directory", one.run.url.standardizedFileURL.path),
    ]
    if let source = environment.source { tags.append(("mlflow.source.git.commit", source.commit)) }
    for (name, file) in [("best", one.run.bestCheckpoint), ("evaluation", one.run.evaluationFile)]
    where access(file.path, F_OK) == 0 {
      tags.append(("safnet.artifact.\(name)", file.standardizedFileURL.path))
    }
    return tags
  }

  /// Every value of the plan but the lists of cases; what is too long for the server is counted.
  private func sendParameters(of one: RunCurves, to run: String, _ outcome: inout Outcome) throws {
    let plan = try JSONParser.parse(Array(one.plan.canonicalJSON), origin: .file("plan")).value
    let all = Self.flattened(plan).filter { !$0.key.hasPrefix("fold.") || $0.key == "fold.number" }
    let short = all.filter { $0.value.count <= Self.longestValue }
    for start in stride(from: 0, to: short.count, by: Self.parameterBatch) {
      let part = short[start..<min(start + Self.parameterBatch, short.count)]
      try log(
        run, parameters: part.map { .object([("key", .string(Self.name($0.key))), ("value", .string($0.value))]) })
    }
    if short.count < all.count {
      outcome.notes.append(
        "\(one.run.name): \(all.count - short.count) parameters of more than \(Self.longestValue) letters")
    }
  }

  private static func flattened(_ value: JSONValue, _ path: String = "") -> [(key: String, value: String)] {
    switch value {
    case .object(let members):
      members.flatMap { flattened($0.1, path.isEmpty ? $0.0 : "\(path).\($0.0)") }
    case .string(let text): [(path, text)]
    case .null, .bool, .number, .array: [(path, CanonicalJSON.text(value))]
    }
  }

  // MARK: The variant

  /// Mean and t interval over the test cases, of cases that several runs have tested the mean first.
  private func sendSummary(of curves: [RunCurves], to parent: String) throws {
    var scores: [String: [[Double?]]] = [:]
    var isWhole = true
    for one in curves {
      guard access(one.run.evaluationFile.path, F_OK) == 0 else {
        isWhole = false
        continue
      }
      for case_ in try EvaluationFile.read(one.run.evaluationFile).scores {
        scores[case_.name, default: []].append([case_.meanDice] + case_.dice)
      }
    }
    let cases = scores.sorted { $0.key < $1.key }.map(\.value)
    let names = ["test/mean_dice"] + curves[0].plan.structures.names.map { "test_dice/\($0)" }
    let time = curves.map(\.end).max() ?? 0
    var metrics: [JSONValue] = []
    for (index, name) in names.enumerated() {
      let values = cases.map { runs -> Double? in
        let counted = runs.compactMap { $0[index] }
        return counted.isEmpty ? nil : counted.reduce(0, +) / Double(counted.count)
      }
      guard let interval = MeanInterval(values) else { continue }
      for (ending, value) in [("", interval.mean), ("_lower95", interval.lower), ("_upper95", interval.upper)] {
        guard let value else { continue }
        metrics.append(metric(.init(name: name + ending, value: value, step: 0, time: time)))
      }
    }
    let words =
      "Means over the test cases of \(Quantity.of(curves.count, "run")) with their 95 % t intervals over cases."
      + (isWhole ? "" : " Some runs are not tested yet.")
    for start in stride(from: 0, to: metrics.count, by: Self.batch) {
      try log(parent, metrics: Array(metrics[start..<min(start + Self.batch, metrics.count)]))
    }
    try log(parent, tags: [("mlflow.note.content", words), ("safnet.runs", "\(curves.count)")])
    try finish(parent, state: .finished, end: time)
  }
}

// MARK: Calls

extension MLflowExport {
  private static let keyTag = "safnet.key"
  private static let progressTag = "safnet.sent"
  private static let complete = "complete"

  private func makeExperiment() throws -> String {
    if let known = try client.experiment(named: experiment) { return known }
    let answer = try client.call("experiments/create", .object([("name", .string(experiment))]))
    guard let made = answer?["experiment_id"]?.text else {
      throw MLflowClient.Failure.notUnderstood(call: "experiments/create")
    }
    return made
  }

  /// The run of that key, found or made, and how far it was sent.
  private func makeRun(
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

  private func log(
    _ run: String, metrics: [JSONValue] = [], parameters: [JSONValue] = [], tags: [(String, String)] = []
  ) throws {
    let body: [(String, JSONValue)] = [
      ("run_id", .string(run)), ("metrics", .array(metrics)), ("params", .array(parameters)),
      ("tags", .array(tags.map(Self.pair))),
    ]
    _ = try client.call("runs/log-batch", .object(body))
  }

  private func finish(_ run: String, state: RunState, end: Double) throws {
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

  private func metric(_ point: RunCurves.Point) -> JSONValue {
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
