import Foundation
import Store
import Text

extension Workspace {
  /// What these runs are, given by names or paths: a line for each, by its name, with experiment, variant, fold, seed, state
  /// and epochs, and where these are alike the fields in which the plans differ.
  package func summaries(of names: [String]) throws -> [String: String] {
    let asked = Dictionary(names.map { (URL(fileURLWithPath: $0).lastPathComponent, $0) }) { first, _ in first }
    let statuses = try StatusBoard(everyRunOf: self).read().filter { asked[$0.run] != nil }
    let stored = try StoredRuns(self)
    let places = statuses.map { [$0.variant ?? "", $0.fold.map { "\($0)" } ?? "", $0.seed.map { "\($0)" } ?? ""] }
    let marks = try RunMarks(of: statuses.map(\.run), in: WorkspaceIndex(self)).words(places)
    let rows = zip(statuses, marks).map { status, mark in
      let planned = stored[status.run]?.plan.training.epochs
      return [
        status.run, status.owners ?? "of no known experiment", status.variant ?? "",
        status.fold.map { "fold \($0)" } ?? "",
        status.seed.map { "seed \($0)" } ?? "", status.state.rawValue,
        planned.map { "\(status.epochs) of \(Quantity.of($0, "epoch"))" } ?? Quantity.of(status.epochs, "epoch"),
      ] + [mark].filter { !$0.isEmpty }
    }
    let lines = AlignedTable.lines(rows)
    return Dictionary(uniqueKeysWithValues: zip(statuses.map(\.run), lines))
  }
}
