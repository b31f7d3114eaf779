import Foundation
import Store
import Text

extension Workspace {
  /// What these runs are, given by names or paths: a line for each, by its name, with experiment, variant, fold, seed, state
  /// and epochs.
  package func summaries(of names: [String]) throws -> [String: String] {
    let asked = Dictionary(names.map { (URL(fileURLWithPath: $0).lastPathComponent, $0) }) { first, _ in first }
    let statuses = try StatusBoard(everyRunOf: self).read().filter { asked[$0.run] != nil }
    let stored = try StoredRuns(self)
    let rows = statuses.map { status in
      let experiments = status.experiments ?? status.formerly?.map { "\($0) (earlier)" } ?? ["of no known experiment"]
      let planned = stored[status.run]?.plan.training.epochs
      return [
        status.run, experiments.joined(separator: ", "), status.variant ?? "", status.fold.map { "fold \($0)" } ?? "",
        status.seed.map { "seed \($0)" } ?? "", status.state.rawValue,
        planned.map { "\(status.epochs) of \(Quantity.of($0, "epoch"))" } ?? Quantity.of(status.epochs, "epoch"),
      ]
    }
    let lines = AlignedTable.lines(rows)
    return Dictionary(uniqueKeysWithValues: zip(statuses.map(\.run), lines))
  }
}
