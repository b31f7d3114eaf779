/// One mistake in a specification: what, under which JSON path, written where.
package struct SpecificationError: Error, Equatable, Sendable {
  package enum Fault: Equatable, Sendable {
    // Files and text
    case unreadable(file: String, reason: String)
    case syntax(JSONSyntaxError.Fault)
    case extendsCycle([String])
    // Overrides
    case overrideForm(String)
    case overrideValue(JSONSyntaxError.Fault)
    case noElement(name: String, nearest: String?, known: [String])
    case notAContainer(found: String)
    // One value
    case unknownKey(nearest: String?, known: [String])
    case missingKey(String)
    case emptyText
    case wrongType(found: String, expected: String)
    case outOfRange(found: String, allowed: String)
    case notOneOf(found: String, allowed: [String], nearest: String?)
    case wrongCount(found: Int, allowed: ClosedRange<Int>)
    case repeated(found: String)
    /// What was once written so stands somewhere else now.
    case renamed(found: String, now: String)
    // Several values together
    case conflict(Conflict)
  }

  package var fault: Fault
  package var path: JSONPath
  /// Nil for a value that stands in no file.
  package var place: SourcePlace?

  package init(_ fault: Fault, at path: JSONPath, _ place: SourcePlace?) {
    (self.fault, self.path, self.place) = (fault, path, place)
  }
}

/// Every mistake that was found, in the order in which they stand in the files.
package struct SpecificationErrors: Error, Equatable, Sendable {
  package let errors: [SpecificationError]

  package init(_ errors: [SpecificationError]) {
    var origins: [SourcePlace.Origin?] = []
    for error in errors where !origins.contains(error.place?.origin) { origins.append(error.place?.origin) }
    let ranks = errors.enumerated().map { offset, error in
      [origins.firstIndex(of: error.place?.origin) ?? 0, error.place?.line ?? 0, error.place?.column ?? 0, offset]
    }
    self.errors = ranks.sorted { $0.lexicographicallyPrecedes($1) }.map { errors[$0[3]] }
  }
}
