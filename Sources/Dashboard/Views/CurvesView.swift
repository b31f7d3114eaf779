import Foundation
import JSON
import Reporting
import Store

/// The learning curves of chosen runs, every epoch of each, and in which fields their plans differ.
struct CurvesView: Encodable, Sendable {
  let curves: [Curve]
  let differences: [Difference]

  struct Difference: Encodable, Sendable {
    let field: String
    /// JSON, one for each run; nil where its plan does not have the field.
    let values: [String?]
  }

  struct TooMany: Error, CustomStringConvertible {
    let runs: Int
    var description: String {
      "\(runs) runs are more than the \(CurvesView.most) whose curves are drawn at once; choose fewer by the filter"
    }
  }

  static let most = 1_000

  /// - Parameter names: of runs that there are.
  init(of names: [String], in workspace: Workspace) throws {
    guard names.count <= Self.most else { throw TooMany(runs: names.count) }
    let index = WorkspaceIndex(workspace)
    let epochs = try index.epochs(of: Set(names))
    curves = names.map { Curve($0, epochs[$0] ?? []) }
    differences =
      names.count < 2
      ? []
      : try index.planDifferences(names).map {
        Difference(field: $0.path.description, values: $0.values.map { $0.map(CanonicalJSON.text) })
      }
  }
}

extension Curve {
  fileprivate init(_ run: String, _ records: [EpochRecord]) {
    self.init(
      run: run, epochs: records.map(\.epoch), loss: records.map(\.trainingLoss), rate: records.map(\.learningRate),
      monitor: records.map(\.monitor), dice: records.map(\.meanDice), seconds: records.map(\.seconds))
  }
}
