import Foundation
import Store
import Text

/// `safnet runs list`: every run, whose it is, and in which fields of their plans the shown ones differ.
package struct RunList {
  /// Which of the runs.
  package struct Selection: Sendable {
    package var state: RunState?
    package var experiment: String?
    /// All of them.
    package var tags: [String] = []

    package init() {}

    package func contains(_ status: RunStatus) -> Bool {
      (state == nil || status.state == state)
        && (experiment.map { status.experiments?.contains($0) == true } ?? true)
        && tags.allSatisfy { status.tags?.contains($0) == true }
    }
  }

  package let runs: [RunStatus]
  /// Fields in which the shown runs differ, that with the fewest different values first: those that were varied.
  private let fields: [String]

  package init(_ selection: Selection = Selection(), in workspace: Workspace, console: any Console) throws {
    self.init(try StatusBoard(workspace: workspace, of: nil, console: console).read().filter(selection.contains))
  }

  init(_ runs: [RunStatus]) {
    let names = Set(runs.lazy.flatMap { $0.fields?.keys.map(\.self) ?? [] })
    let counted = names.map { name in (name, count: Set(runs.lazy.map { $0.fields?[name] }).count) }
    fields = counted.filter { $0.count > 1 }.sorted { ($0.count, $0.0) < ($1.count, $1.0) }.map(\.0)
    let shown = Set(fields)
    self.runs = runs.map { run in
      var run = run
      run.fields = run.fields?.filter { shown.contains($0.key) }
      return run
    }
  }

  /// - Parameter allFields: else the first few.
  package func lines(allFields: Bool = false) -> [String] {
    guard !runs.isEmpty else { return ["no runs"] }
    let shown = allFields ? fields : Array(fields.prefix(Self.usualFields))
    var columns = [Column("run", \.run)]
    add(&columns, Column("experiment") { $0.experiments?.joined(separator: ", ") })
    add(&columns, Column("variant", \.variant))
    add(&columns, Column("fold") { $0.fold.map { "\($0)" } })
    add(&columns, Column("seed") { $0.seed.map { "\($0)" } })
    let heads = ["state", "epochs", "best", "test Dice", "time", "left"]
    let states = runs.map(StatusTable.cells)
    for field in shown { add(&columns, Column(field) { $0.fields?[field] }) }
    add(&columns, Column("cluster", \.cluster))
    add(&columns, Column("tags") { $0.tags?.joined(separator: " ") })
    add(&columns, Column("note") { $0.note?.shortened(to: 60) })
    let left = columns.prefix { ["run", "experiment", "variant", "fold", "seed"].contains($0.title) }
    let right = columns.dropFirst(left.count)
    let rows = zip(runs, states).map { run, state in
      left.map { $0.value(run) ?? "" } + state + right.map { $0.value(run) ?? "" }
    }
    let more = fields.count - shown.count
    return AlignedTable.lines([left.map(\.title) + heads + right.map(\.title)] + rows)
      + runs.flatMap(StatusTable.reasons) + [StatusTable.counts(runs)]
      + (more > 0
        ? ["\(more) more \(more == 1 ? "field differs" : "fields differ"); --fields shows all, --json too"] : [])
  }

  private static let usualFields = 4

  private struct Column {
    let title: String
    let value: (RunStatus) -> String?

    init(_ title: String, _ value: @escaping (RunStatus) -> String?) { (self.title, self.value) = (title, value) }
  }

  /// A column in which nothing stands is left out.
  private func add(_ columns: inout [Column], _ column: Column) {
    if runs.contains(where: { column.value($0)?.isEmpty == false }) { columns.append(column) }
  }
}
