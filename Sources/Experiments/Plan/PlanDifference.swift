import JSON
import Text

/// One field in which two plans differ, for the message that refuses to resume.
package struct PlanDifference: Equatable, Sendable, CustomStringConvertible {
  /// As in the specification: `training.batch`.
  package let path: String
  package let old: String
  package let new: String

  package var description: String { "\(path): was \(old), is \(new)" }
}

/// Every field in which the plans differ; empty for the same run.
package func differences(between old: Plan, and new: Plan) -> [PlanDifference] {
  differences(at: JSONPath(), old.json, new.json)
}

private func differences(at path: JSONPath, _ old: JSONValue?, _ new: JSONValue?) -> [PlanDifference] {
  if old == new { return [] }
  if case .object(let before)? = old, case .object(let after)? = new {
    let keys = before.map(\.0) + after.map(\.0).filter { old?[$0] == nil }
    return keys.flatMap { differences(at: path / $0, old?[$0], new?[$0]) }
  }
  return [PlanDifference(path: path.description, old: shown(old, against: new), new: shown(new, against: old))]
}

private func shown(_ value: JSONValue?, against other: JSONValue?) -> String {
  guard let value else { return "absent" }
  guard case .array(let elements) = value, elements.count > 8 else {
    return CanonicalJSON.text(value).shortened(to: 80)
  }
  guard case .array(let others)? = other else { return "a list of \(elements.count)" }
  let texts = Set(others.map(CanonicalJSON.text))
  let own = elements.map(CanonicalJSON.text).filter { !texts.contains($0) }
  guard !own.isEmpty else { return "a list of \(elements.count)" }
  return "a list of \(elements.count) with " + own.joined(separator: ", ").shortened(to: 60)
}
