import Experiments

/// The choices a report leaves to its reader; every caption names them.
package struct ReportOptions: Equatable, Sendable {
  package var deviation: Deviation
  package var averaging: Averaging
  /// The published tables whose figures stand beside ours.
  package var paper: [ReportPlan.PaperTable]
  /// Underline the second best.
  package var marksSecond: Bool
  /// Of the bootstrap.
  package var seed: UInt64
  /// Those to make, in this order.
  package var tables: [ReportPlan.Table]

  package init(
    deviation: Deviation = .cases, averaging: Averaging = .caseFirst, paper: [ReportPlan.PaperTable] = [],
    marksSecond: Bool = false, seed: UInt64 = 2023, tables: [ReportPlan.Table] = ReportPlan.Table.usual
  ) {
    (self.deviation, self.averaging, self.paper) = (deviation, averaging, paper)
    (self.marksSecond, self.seed, self.tables) = (marksSecond, seed, tables)
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
