import Foundation
import JSON

/// In which fields the plans of runs differ, down to single values.
///
/// Thousands of plans consist of few different parts: each is read once, and each field is compared among them.
package struct PlanFields: Sendable {
  package struct Field: Sendable {
    package let path: JSONPath
    /// The different ones; nil: the plan does not have the field.
    fileprivate let values: [JSONValue?]
    /// Which of them each run has.
    fileprivate let places: [Int]

    private let texts: [String?]

    fileprivate init(path: JSONPath, values: [JSONValue?], places: [Int]) {
      (self.path, self.values, self.places) = (path, values, places)
      texts = values.map { $0.map(CanonicalJSON.text) }
    }

    /// JSON, of the run at that place; nil where its plan does not have the field.
    package func text(ofRun run: Int) -> String? { texts[places[run]] }
  }

  /// By their paths.
  package let fields: [Field]

  /// - Parameter left: members of the plan that are not looked at.
  package init(of runs: [IndexedRun], leaving left: Set<String> = []) {
    // A part that all runs have tells none of them from another; of thousands of plans nearly all parts are such.
    var counts: [ObjectIdentifier: Int] = [:]
    for part in runs.lazy.flatMap(\.parts) { counts[ObjectIdentifier(part), default: 0] += 1 }
    var columns: [String: [PlanPart?]] = [:]
    var keys: [ObjectIdentifier: String?] = [:]
    for (place, run) in runs.enumerated() {
      for part in run.parts {
        let identifier = ObjectIdentifier(part)
        if counts[identifier] == runs.count { continue }
        if keys[identifier] == nil { keys[identifier] = .some(part.key) }
        guard let key = keys[identifier] ?? nil, !left.contains(key) else { continue }
        columns[key, default: Array(repeating: nil, count: runs.count)][place] = part
      }
    }
    fields = columns.flatMap { key, parts in Self.fields(JSONPath([.key(key)]), parts) }
      .sorted { $0.path.description < $1.path.description }
  }

  private static func fields(_ path: JSONPath, _ parts: [PlanPart?]) -> [Field] {
    var (known, distinct): ([ObjectIdentifier?: Int], [PlanPart?]) = ([:], [])
    let places = parts.map { part -> Int in
      let identifier = part.map(ObjectIdentifier.init)
      if let place = known[identifier] { return place }
      known[identifier] = distinct.count
      distinct.append(part)
      return distinct.count - 1
    }
    guard distinct.count > 1 else { return [] }
    return JSONDifference.between(distinct.map { $0?.value }, .leaves).map {
      Field(path: JSONPath(path.steps + $0.path.steps), values: $0.values, places: places)
    }
  }

  /// With a value for each run.
  package var differences: [JSONDifference] {
    fields.map { field in
      JSONDifference(path: field.path, values: field.places.map { field.values[$0] })
    }
  }
}
