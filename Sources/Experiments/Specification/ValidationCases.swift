import Text

/// How many cases folds.validation takes, for messages: whether somebody wrote that number.
package struct ValidationCases: Equatable, Sendable, CustomStringConvertible {
  package var count: Int
  package var isDefault: Bool

  package var description: String { Quantity.of(count, "validation case") + (isDefault ? " (the default)" : "") }
  var leave: String { count == 1 ? "leaves" : "leave" }

  /// What to do where there can be no more than so many.
  func atMost(_ most: Int) -> String {
    "\(isDefault ? "set" : "lower") folds.validation to \(most)\(most > 1 ? " or less" : "")"
  }
}

extension Specification {
  var validationCases: ValidationCases {
    ValidationCases(count: folds.validation, isDefault: !isWritten("folds.validation"))
  }
}
