import JSON
import Text

/// One field in which two plans differ, for the message that refuses to resume.
package struct PlanDifference: Equatable, Sendable, CustomStringConvertible {
  /// As in the specification: `training.batch`.
  package let path: String
  /// The earlier value as canonical JSON, long ones shortened; "absent" where the field was not written.
  package let old: String
  /// The later value in the same way.
  package let new: String

  /// One line: the field, what it was, what it is.
  package var description: String { "\(path): was \(old), is \(new)" }
}

/// Every field in which the plans differ; empty for the same run.
package func differences(between old: Plan, and new: Plan) -> [PlanDifference] {
  JSONDifference.between([old.json, new.json], .members).map { difference in
    let (old, new) = (difference.values[0], difference.values[1])
    return PlanDifference(
      path: difference.path.description, old: shown(old, against: new), new: shown(new, against: old))
  }
}

private func shown(_ value: JSONValue?, against other: JSONValue?) -> String {
  guard let value else { return "absent" }
  let text = CanonicalJSON.text(value)
  guard case .array(let elements) = value, elements.count > 8 || text.count > 80 else { return text.shortened(to: 80) }
  guard case .array(let others)? = other else { return "a list of \(elements.count)" }
  let texts = Set(others.map(CanonicalJSON.text))
  let own = elements.map(CanonicalJSON.text).filter { !texts.contains($0) }
  guard !own.isEmpty else { return "a list of \(elements.count)" }
  return "a list of \(elements.count) with " + own.joined(separator: ", ").shortened(to: 60)
}
