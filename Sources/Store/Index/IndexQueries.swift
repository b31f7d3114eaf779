import Foundation

/// The questions of `runs list`, `runs show`, `runs compare` and `status`.
extension WorkspaceIndex {
  /// Every run, by name, with its state now.
  package func runs() throws -> [IndexedRun] { try read(IndexDatabase.runs).map(live) }

  /// Runs by name; a name that is unknown is left out.
  package func runs(named names: [String]) throws -> [IndexedRun] {
    let known = Dictionary(uniqueKeysWithValues: try read(IndexDatabase.runs).map { ($0.name, $0) })
    return try names.compactMap { known[$0] }.map(live)
  }

  /// The finished epochs of each of these runs, in order; a name that is unknown is left out.
  package func epochs(of names: Set<String>) throws -> [String: [EpochRecord]] {
    try read { db in
      let runs = try IndexDatabase.runs(db).filter { names.contains($0.name) }
      return Dictionary(uniqueKeysWithValues: try runs.map { ($0.name, try IndexDatabase.epochs(of: $0, db)) })
    }
  }

  /// How many runs are in each state.
  package func counts() throws -> [RunState: Int] {
    try runs().reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
  }

  /// The fields in which the plans of these runs differ.
  package func planDifferences(_ names: [String]) throws -> [PlanDifference] {
    PlanDifference.between(try runs(named: names).map(\.plan))
  }

  /// A journal cannot know that its worker is alive: the lock can.
  private func live(_ run: IndexedRun) throws -> IndexedRun {
    guard run.state != .finished, try RunLock.probe(workspace.runDirectory(named: run.name)).isHeld else { return run }
    var run = run
    run.state = .running
    return run
  }
}

/// One field in which plans differ: its path, and its value in each, as JSON; `nil` where a plan does not have it.
package struct PlanDifference: Codable, Equatable, Sendable {
  package var path: String
  package var values: [String?]

  package init(path: String, values: [String?]) { (self.path, self.values) = (path, values) }

  package static func between(_ plans: [String]) -> [PlanDifference] {
    let fields = plans.map { plan in
      (try? JSONSerialization.jsonObject(with: Data(plan.utf8))).map { Self.fields(of: $0, at: "") } ?? [:]
    }
    let paths = Set(fields.flatMap(\.keys)).sorted()
    return paths.map { path in PlanDifference(path: path, values: fields.map { $0[path] }) }
      .filter { Set($0.values).count > 1 }
  }

  private static func json(_ leaf: Any) -> String {
    let data = try? JSONSerialization.data(withJSONObject: leaf, options: .fragmentsAllowed)
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "\(leaf)"
  }

  /// The leaves of a JSON value by path: `training.seed`, `fold.test[3]`.
  private static func fields(of value: Any, at path: String) -> [String: String] {
    switch value {
    case let object as [String: Any]:
      object.reduce(into: [:]) { all, member in
        let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
        all.merge(fields(of: member.value, at: inner)) { $1 }
      }
    case let array as [Any]:
      array.enumerated().reduce(into: [:]) { all, item in
        all.merge(fields(of: item.element, at: "\(path)[\(item.offset)]")) { $1 }
      }
    default:
      [path: json(value)]
    }
  }
}
