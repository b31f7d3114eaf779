import Text

/// How many cases folds.validation takes, for messages: whether somebody wrote that number.
package struct ValidationCases: Equatable, Sendable, CustomStringConvertible {
  package var count: Int
  package var isDefault: Bool

  package var description: String { Quantity.of(count, "validation case") + (isDefault ? " (the default)" : "") }
  var leave: String { count == 1 ? "leaves" : "leave" }

  /// What else may be done where a held-out part has too few.
  static let fromTraining = "take validation cases from those that train (folds.validationFrom: \"training\")"

  /// What to do where there can be no more than so many.
  func atMost(_ most: Int) -> String {
    "\(isDefault ? "set" : "lower") folds.validation to \(most)\(most > 1 ? " or less" : "")"
  }

  /// What to do where a held-out part has too few to test: only what leads out with these numbers.
  func leavingATest(of heldOut: Int, cases: Int, folds: Int, batch: Int) -> String {
    // Of the fold that has least to train with.
    func training(_ folds: Int) -> Int { cases - (cases + folds - 1) / folds }
    let left = training(folds)
    var ways = [
      atMost(heldOut - 1) + (left < batch ? " and training.batch to \(left)\(left > 1 ? " or less" : "")" : "")
    ]
    let most = cases / (count + 1)
    if most > 1, training(most) >= batch {
      ways.append("lower folds.count to \(most)\(most > 2 && training(2) >= batch ? " or less" : "")")
    }
    if left - count >= batch { ways.append(Self.fromTraining) }
    guard ways.count > 1 else { return ways[0] }
    return ways.dropLast().joined(separator: ", ") + ", or " + ways[ways.count - 1]
  }

  /// What to do where a batch must be left of so many training cases, two or more; where none could be, of the batch too.
  func leaving(_ batch: Int, of training: Int) -> String {
    let left = training - batch
    if left >= 1 { return atMost(left) + (batch > 1 ? ", which leaves a batch of \(batch) its cases" : "") }
    return "\(atMost(1)) and training.batch to \(training - 1)\(training > 2 ? " or less" : "")"
  }
}

extension Specification {
  /// Of all variants, for what must be left to train.
  var largestBatch: Int { variants.map(\.training.batch).max() ?? 1 }

  var validationCases: ValidationCases {
    ValidationCases(count: folds.validation, isDefault: !isWritten("folds.validation"))
  }
}
