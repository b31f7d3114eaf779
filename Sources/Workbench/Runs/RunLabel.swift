import Foundation
import Store

/// A run as messages call it: `SAFNet, fold 1`, with its seed where there are several; or as people do:
/// `SAFNet, fold1`, `SAFNet f1`, `fold 1 of SAFNet`.
struct RunLabel {
  private let variant: String
  private let fold: Int
  private let seed: UInt64?

  /// Nil of a text that is no such label.
  init?(_ text: String) {
    let usual =
      /(?<variant>.+?)(?:\s*,\s*|\s+)f(?:olds?)?[\s_.-]*(?<fold>\d+)(?:(?:\s*,\s*|\s+)seeds?[\s_.-]*(?<seed>\d+))?/
    let reverse = /f(?:olds?)?[\s_.-]*(?<fold>[0-9]+)(?:\s*,\s*|\s+)(?:of\s+)?(?<variant>.+)/
    if let match = text.wholeMatch(of: usual.ignoresCase()), let fold = Int(match.fold) {
      (variant, self.fold, seed) = (String(match.variant), fold, match.seed.flatMap { UInt64($0) })
    } else if let match = text.wholeMatch(of: reverse.ignoresCase()), let fold = Int(match.fold) {
      (variant, self.fold, seed) = (String(match.variant), fold, nil)
    } else {
      return nil
    }
  }

  /// Those that an experiment asks for by this label, or asked for before: a look with `--set` makes none of them less meant.
  func runs(in workspace: Workspace) -> [String] {
    let known = Set((try? workspace.runNames()) ?? [])
    let variants = workspace.experimentRecords().flatMap { $0.variants + ($0.earlier ?? []) }
    let exact = variants.filter { $0.name == variant }
    let meant = exact.isEmpty ? variants.filter { $0.name.lowercased() == variant.lowercased() } : exact
    let named = meant.flatMap(\.runs).filter(known.contains)
    return Set(named).sorted().filter { run in
      guard let plan = try? workspace.runDirectory(named: run).plan() else { return false }
      return plan.fold.number == fold && (seed == nil || plan.training.seed == seed)
    }
  }
}
