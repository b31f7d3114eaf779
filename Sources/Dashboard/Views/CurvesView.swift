import Foundation
import Reporting
import Store

/// The learning curves of chosen runs, every epoch of each, and in which fields their plans differ.
struct CurvesView: Encodable, Sendable {
  /// Of which it is told, in the order in which everything else is.
  let runs: [String]
  let curves: [Curve]
  let differences: [Difference]

  struct Difference: Encodable, Sendable {
    let field: String
    /// JSON, one for each run; nil where its plan does not have the field, or there is no plan yet.
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
    runs = names
    let known = try index.runs(named: names)
    let places = Dictionary(known.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    differences = PlanFields(of: known).fields.map { field in
      Difference(
        field: field.path.description, values: names.map { name in places[name].flatMap { field.text(ofRun: $0) } })
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
