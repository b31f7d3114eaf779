/// The choices a report leaves to its reader; every caption names them.
package struct ReportOptions: Equatable, Sendable {
  package var deviation: Deviation
  package var averaging: Averaging
  /// The paper's figures beside ours.
  package var quotesPaper: Bool
  /// Underline the second best.
  package var marksSecond: Bool
  /// Of the bootstrap.
  package var seed: UInt64

  package init(
    deviation: Deviation = .cases, averaging: Averaging = .caseFirst, quotesPaper: Bool = false,
    marksSecond: Bool = false, seed: UInt64 = 2023
  ) {
    (self.deviation, self.averaging, self.quotesPaper) = (deviation, averaging, quotesPaper)
    (self.marksSecond, self.seed) = (marksSecond, seed)
  }
}

extension ReportOptions {
  /// What the numbers are that a mean of Dice or of distances runs over.
  var unit: String {
    switch averaging {
    case .caseFirst: "test cases (each the mean over its counted structures)"
    case .structureFirst: "structures (each the mean over the test cases where it counts)"
    }
  }
}
