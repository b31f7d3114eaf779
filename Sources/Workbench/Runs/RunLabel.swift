import Foundation
import Store

/// A run as messages call it: `SAFNet, fold 1`, with its seed where there are several.
struct RunLabel {
  private let variant: String
  private let fold: Int
  private let seed: UInt64?

  /// Nil of a text that is no such label.
  init?(_ text: String) {
    guard
      let match = text.wholeMatch(of: /(?<variant>.+?),?\s+fold\s+(?<fold>[0-9]+)(?:,?\s+seed\s+(?<seed>[0-9]+))?/),
      let fold = Int(match.fold)
    else { return nil }
    (variant, self.fold, seed) = (String(match.variant), fold, match.seed.flatMap { UInt64($0) })
  }

  /// Those that an experiment asks for by this label; where none is, those that one asked for before.
  func runs(in workspace: Workspace) -> [String] {
    let (records, known) = (workspace.recordsOfFiles(), Set((try? workspace.runNames()) ?? []))
    func matching(_ variants: [ExperimentRecord.Variant]) -> [String] {
      variants.filter { $0.name == variant }.flatMap(\.runs).filter(known.contains).filter { run in
        guard let plan = try? workspace.runDirectory(named: run).plan() else { return false }
        return plan.fold.number == fold && (seed == nil || plan.training.seed == seed)
      }
    }
    let now = matching(records.flatMap(\.variants))
    return Set(now.isEmpty ? matching(records.flatMap { $0.earlier ?? [] }) : now).sorted()
  }
}
