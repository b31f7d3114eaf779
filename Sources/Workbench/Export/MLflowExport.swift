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

  /// What is sent is kept there.
  private var kept: MLflowRuns { MLflowRuns(client: client) }

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
    let identifier = try kept.makeExperiment(experiment)
    let parentName = variant ?? curves[0].plan.model.slug
    let parent = try kept.makeRun(
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
    let found = try kept.makeRun(
      key: "run \(one.identity)", name: one.run.name, start: one.start, in: experiment,
      tags: try tags(of: one) + [("mlflow.parentRunId", parent)])
    guard found.progress != MLflowRuns.complete else { return false }
    try sendParameters(of: one, to: found.identifier, &outcome)
    var sent = Int(found.progress) ?? 0
    while sent < one.points.count {
      let next = one.points[sent..<min(sent + Self.batch, one.points.count)]
      sent += next.count
      try kept.log(found.identifier, metrics: next.map(kept.metric), tags: [(MLflowRuns.progressTag, "\(sent)")])
    }
    if one.leftOut > 0 { outcome.notes.append("\(one.run.name): \(one.leftOut) numbers that are not finite") }
    let state = try one.run.state()
    try kept.finish(found.identifier, state: state, end: one.end)
    // A run that goes on is sent on from where it was.
    if state == .finished { try kept.log(found.identifier, tags: [(MLflowRuns.progressTag, MLflowRuns.complete)]) }
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
      try kept.log(
        run,
        parameters: part.map { .object([("key", .string(MLflowRuns.name($0.key))), ("value", .string($0.value))]) })
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
        metrics.append(kept.metric(.init(name: name + ending, value: value, step: 0, time: time)))
      }
    }
    let words =
      "Means over the test cases of \(Quantity.of(curves.count, "run")) with their 95 % t intervals over cases."
      + (isWhole ? "" : " Some runs are not tested yet.")
    for start in stride(from: 0, to: metrics.count, by: Self.batch) {
      try kept.log(parent, metrics: Array(metrics[start..<min(start + Self.batch, metrics.count)]))
    }
    try kept.log(parent, tags: [("mlflow.note.content", words), ("safnet.runs", "\(curves.count)")])
    try kept.finish(parent, state: .finished, end: time)
  }
}
