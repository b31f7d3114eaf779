import JSON

/// What other programs say in one field, and two do here.
extension KeyPlaces {
  /// Where a list of measures belongs, which none has to name: to the report's tables, or to what chooses the best epoch; nil of
  /// every other key.
  ///
  /// - Parameter key: without the signs that join its words.
  func placeOfMeasures(_ key: String, in owner: [JSONPath.Step]) -> String? {
    guard Self.measures.contains(key), !owner.contains(.key("training")) else { return nil }
    if owner == [.key("report")] { return "tables or tolerances (every measure is in a report)" }
    return "report.tables (every measure is in a report) or training.monitor (by which the best epoch is chosen)"
  }

  private static let measures: Set = ["metric", "metrics", "measure", "measures", "evalmetrics", "evaluationmetrics"]

  /// The same mistake; of weights in the place of how they are drawn with the field that begins with them.
  func weightsToBeginWith(_ error: JSONError) -> JSONError {
    guard error.path.steps.last == .key("initialWeights"), case .notOneOf(let found, let allowed, nil) = error.fault,
      found.contains(where: { "./-".contains($0) }) || Self.elsewhere[found.lowercased()] == "training.start"
    else { return error }
    let start = JSONPath(Array(error.path.steps.dropLast())) / "start"
    let meant = "\(start), which names the run whose weights are begun with"
    return JSONError(.notOneOf(found: found, allowed: allowed, nearest: meant), at: error.path, error.place)
  }
}
