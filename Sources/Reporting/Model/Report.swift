import Experiments
import System

/// The tables asked for of one experiment, in the order asked for.
package struct Report: Equatable, Sendable {
  package let input: ReportInput
  package let options: ReportOptions
  package let tables: [Table]

  package init(_ input: ReportInput, _ options: ReportOptions = ReportOptions()) {
    (self.input, self.options) = (input, options)
    let context = TableContext(input: input, options: options)
    tables = parallelMap(options.tables, workers: Machine.processors) { kind in
      Table(kind, context).noting([input.mixedNumerics]).noting(input.remarks).noting(input.importNotes(for: kind))
        .noting(input.predictionNotes(for: kind))
        .saying(seedsOf: input)
    }
  }

  package func table(_ kind: ReportPlan.Table) -> Table? { tables.first { $0.kind == kind } }

  /// What a reader must know before looking at any table; nil when everything has finished.
  package var status: String? {
    let trained = input.variants.filter { $0.predicted == nil && $0.imported == nil }
    let planned = trained.reduce(0) { $0 + $1.seeds.count * input.folds.count }
    let finished = trained.reduce(0) { $0 + $1.finished.count }
    switch finished {
    case planned: return nil
    case 0 where input.variants.contains { $0.imported != nil }:
      return "No run of the experiment has finished: the tables show imported methods alone. Train with `safnet run`."
    case 0: return "No fold has finished yet: the tables have no scores. Train with `safnet run`."
    default: return "\(finished) of \(planned) runs have finished; means over fewer folds say so."
    }
  }
}

extension Table {
  fileprivate func noting(_ notes: [String?]) -> Table {
    var table = self
    table.notes += notes.compactMap(\.self)
    return table
  }

  fileprivate init(_ kind: ReportPlan.Table, _ context: TableContext) {
    self =
      switch kind {
      case .folds: .folds(context)
      case .ablation: .ablation(context)
      case .structures: .structures(context)
      case .surfaces: .surfaces(context)
      case .cost: .cost(context)
      case .levels: .levels(context)
      case .uncertainty: .uncertainty(context)
      case .overlap: .overlap(context)
      case .failures: .failures(context)
      case .partition: .partition(context)
      case .test: .test(context)
      case .subgroups: .subgroups(context)
      }
  }
}
