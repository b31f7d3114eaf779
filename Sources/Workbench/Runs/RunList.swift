import Foundation
import Store
import System
import Text

/// `safnet runs list`: every run, whose it is, and in which fields of their plans the shown ones differ.
package struct RunList {
  /// Which of the runs.
  package struct Selection: Sendable {
    package var state: RunState?
    /// By its name: those too that it asked for before.
    package var experiment: String?
    /// The experiment's, where it was given by that: what it asks for now.
    package var file: URL?
    /// All of them.
    package var tags: [String] = []

    package init() {}

    fileprivate var isAll: Bool { state == nil && experiment == nil && tags.isEmpty }

    package func contains(_ status: RunStatus) -> Bool {
      (state == nil || status.state == state)
        && (experiment.map { ((status.experiments ?? []) + (status.formerly ?? [])).contains($0) } ?? true)
        && tags.allSatisfy { status.tags?.contains($0) == true }
    }
  }

  package let runs: [RunStatus]
  /// Fields in which the shown runs differ, that with the fewest different values first: those that were varied.
  private let fields: [String]

  package init(_ selection: Selection = Selection(), in workspace: Workspace, console: any Console) throws {
    let own = try selection.file.flatMap { workspace.exists ? try RunsOfFile($0, in: workspace) : nil }
    if let unreadable = workspace.unreadableRecords { console.error("warning: \(unreadable.warning)") }
    if let name = selection.experiment, workspace.exists, own?.runs.isEmpty != false {
      let known = workspace.experimentRecords().map(\.name).sorted()
      guard known.contains(name) else {
        throw UsageError.unknownExperiment(name: name, nearest: name.nearest(in: known), known: known)
      }
    }
    if !workspace.exists {
      console.error("notice: \(workspace.absence(of: selection.experiment, beside: selection.file))")
    }
    let all = try StatusBoard(everyRunOf: workspace).read().map { own?.claiming($0) ?? $0 }
    let misnamed = MisnamedRuns(all.indices.map { all[$0].run }, in: workspace)
    for sentence in misnamed.sentences { console.error("notice: \(sentence)") }
    if let closed = try workspace.closedFolders() { console.error("warning: \(closed)") }
    Self.tellUnknown(selection.tags, of: all, console)
    for notice in own?.notices ?? [] { console.error("notice: \(notice)") }
    self.init(
      selection.isAll
        ? all : all.filter { selection.contains($0) && own?.runs.contains($0.run) != false })
  }

  /// Of tags that no run has: which there are.
  private static func tellUnknown(_ tags: [String], of all: [RunStatus], _ console: any Console) {
    let known = Set(all.indices.flatMap { all[$0].tags ?? [] })
    for tag in tags where !known.contains(tag) {
      let names = known.sorted()
      console.error(
        "notice: no run has the tag '\(tag)'\(tag.nearest(in: names).closingHint) "
          + (names.isEmpty
            ? "None has any: `safnet runs tag RUN \(ShellWord.quoted(tag))` gives one."
            : "There are \(names.joined(separator: ", "))."))
    }
  }

  init(_ runs: [RunStatus]) {
    // Of ten thousand runs no more than the fields is copied.
    let own = runs.indices.map { runs[$0].fields }
    let names = own.reduce(into: [[String]]()) { lists, fields in
      if let names = fields?.names, lists.last != names { lists.append(names) }
    }.reduce(into: Set<String>()) { $0.formUnion($1) }
    let counted = parallelMap(Array(names), workers: Machine.processors) { name in
      (name, count: RunFields.values(of: name, in: own).count)
    }
    fields = counted.filter { $0.count > 1 }.sorted { ($0.count, $0.0) < ($1.count, $1.0) }.map(\.0)
    if fields.count == names.count {
      self.runs = runs
      return
    }
    let shown = Set(fields)
    self.runs = runs.map { run in
      var run = run
      run.fields = run.fields?.only(shown)
      return run
    }
  }

  /// - Parameter allFields: else the first few.
  package func lines(allFields: Bool = false) -> [String] {
    guard !runs.isEmpty else { return ["no runs"] }
    let shown = allFields ? fields : Array(fields.prefix(Self.usualFields))
    let right =
      shown.map { field in Column(field) { $0.fields?[field] } } + [
        Column("cluster") { $0.cluster }, Column("tags") { $0.tags?.joined(separator: " ") },
        Column("note") { $0.note?.shortened(to: 60) },
      ]
    let rows = parallelMap(runs, workers: Machine.processors) { run in
      Self.left.map { $0.value(run) ?? "" } + StatusTable.cells(run) + right.map { $0.value(run) ?? "" }
    }
    let titles = Self.left.map(\.title) + Self.heads + right.map(\.title)
    let more = fields.count - shown.count
    return table(titles, rows) + runs.indices.flatMap { StatusTable.reasons(runs[$0]) }
      + StatusTable.legend(runs) + earlierLegend + [StatusTable.counts(runs)]
      + (more > 0
        ? ["\(more) more \(more == 1 ? "field differs" : "fields differ"); --fields shows all, --json too"] : [])
  }

  private var earlierLegend: [String] {
    guard runs.indices.contains(where: { runs[$0].experiments == nil && runs[$0].formerly != nil }) else { return [] }
    return [
      "earlier: the last `safnet run` of that experiment asked for others (--set, or an edit, before or since);"
        + " `safnet runs list --experiment FILE` shows what its file asks for now"
    ]
  }

  /// On all processors: of ten thousand rows this takes as long as reading them.
  private func table(_ titles: [String], _ rows: [[String]]) -> [String] {
    let (own, always) = (AlignedTable.widths(of: rows), Self.left.count..<(Self.left.count + Self.heads.count))
    // Of the other columns, one in which nothing stands is left out.
    let columns = titles.indices.filter { always.contains($0) || own[$0] > 0 }
    let titled = AlignedTable.widths(of: [titles])
    let widths = columns.map { max(own[$0], titled[$0]) }
    return parallelMap([titles] + rows, workers: Machine.processors) { row in
      AlignedTable.line(columns.map { row[$0] }, widths)
    }
  }

  private static let left = [
    Column("run") { $0.run },
    Column("experiment") { $0.owners },
    Column("variant") { $0.variant }, Column("fold") { $0.fold.map { "\($0)" } },
    Column("seed") { $0.seed.map { "\($0)" } },
  ]
  /// What `StatusTable.cells` holds.
  private static let heads = ["state", "epochs", "best val", "test Dice", "time", "left"]
  private static let usualFields = 4

  private struct Column: Sendable {
    let title: String
    let value: @Sendable (RunStatus) -> String?

    init(_ title: String, _ value: @escaping @Sendable (RunStatus) -> String?) {
      (self.title, self.value) = (title, value)
    }
  }
}
