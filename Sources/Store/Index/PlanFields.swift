import Foundation
import JSON
import System

/// In which fields the plans of runs differ, down to single values.
///
/// Thousands of plans consist of few different parts: each is read once, and each field is compared among them.
package struct PlanFields: Sendable {
  package struct Field: Sendable {
    package let path: JSONPath
    /// The different ones; nil: the plan does not have the field.
    fileprivate let values: [JSONValue?]
    /// The same as JSON.
    package let texts: [String?]
    /// Which of them each run has.
    package let places: [Int]

    fileprivate init(path: JSONPath, values: [JSONValue?], places: [Int]) {
      (self.path, self.values, self.places) = (path, values, places)
      texts = parallelMap(values, workers: Machine.processors) { $0.map(CanonicalJSON.text) }
    }

    /// JSON, of the run at that place; nil where its plan does not have the field.
    package func text(ofRun run: Int) -> String? { texts[places[run]] }
  }

  /// By their paths.
  package let fields: [Field]

  /// - Parameter left: paths of members of the plan that are not looked at, and of fields that are not told.
  package init(of runs: [IndexedRun], leaving left: Set<String> = []) {
    self.init(PlanParts(of: runs), leaving: left)
  }

  package init(_ parts: PlanParts, leaving left: Set<String> = []) {
    // A part that all runs have tells none of them from another; of thousands of plans nearly all parts are such.
    var counts = Array(repeating: 0, count: parts.all.count)
    for numbers in parts.ofRuns { for number in numbers { counts[number] += 1 } }
    let keys = parts.all.indices.map { number -> String? in
      if counts[number] == parts.ofRuns.count { return nil }
      return parts.all[number].key.flatMap { left.contains($0) ? nil : $0 }
    }
    let columns = Dictionary(uniqueKeysWithValues: Set(keys.lazy.compactMap(\.self)).enumerated().map { ($1, $0) })
    let column = keys.map { $0.flatMap { columns[$0] } }
    // For each key, the number of each run's part; none: -1.
    var numbers = Array(repeating: Array(repeating: -1, count: parts.ofRuns.count), count: columns.count)
    for (place, own) in parts.ofRuns.enumerated() {
      for number in own { if let column = column[number] { numbers[column][place] = number } }
    }
    fields =
      columns
      .flatMap { key, column in Self.fields(JSONPath([.key(key)]), numbers[column], parts.all, leaving: left) }
      .sorted { $0.path.description < $1.path.description }
  }

  private static func fields(
    _ path: JSONPath, _ numbers: [Int], _ parts: [PlanPart], leaving left: Set<String>
  ) -> [Field] {
    var (known, distinct): ([Int?], [PlanPart?]) = (Array(repeating: nil, count: parts.count + 1), [])
    let places = numbers.map { number -> Int in
      if let place = known[number + 1] { return place }
      known[number + 1] = distinct.count
      distinct.append(number < 0 ? nil : parts[number])
      return distinct.count - 1
    }
    guard distinct.count > 1 else { return [] }
    let values = parallelMap(distinct, workers: Machine.processors) { $0?.value }
    return JSONDifference.between(values, .leaves).compactMap {
      let path = JSONPath(path.steps + $0.path.steps)
      return left.contains(path.description) ? nil : Field(path: path, values: $0.values, places: places)
    }
  }

  /// With a value for each run.
  package var differences: [JSONDifference] {
    fields.map { field in
      JSONDifference(path: field.path, values: field.places.map { field.values[$0] })
    }
  }
}
