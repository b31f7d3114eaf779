import Foundation

/// What a report is of now and was not when it was written, or the other way round.
extension ReportCheck {
  /// In words, with the remedy; nil where nothing differs, or there is no record.
  package static func edits(in folder: URL, to report: Report) -> String? {
    guard let was = ReportRecord(in: folder) else { return nil }
    let now = ReportRecord(report)
    var edits = [String]()
    if was.title != now.title { edits.append("the title: was \"\(was.title)\", is \"\(now.title)\"") }
    let methods = (was: counts(was.runs), now: counts(now.runs))
    edits += difference("the methods", Set(methods.was.keys), Set(methods.now.keys))
    edits += methods.was.sorted { $0.key < $1.key }.compactMap { name, count in
      guard let new = methods.now[name], new != count else { return nil }
      return "the runs of \(name) by seeds and folds: were \(count), are \(new)"
    }
    edits += tables(was.tables, now.tables, besides: Set(methods.was.keys).union(methods.now.keys))
    guard !edits.isEmpty else { return nil }
    return "since this report was written the experiment was edited, methods were imported or runs have ended:"
      + " \(edits.joined(separator: "; ")). The same command without --check writes the report as it is now."
  }

  private static func counts(_ runs: [ReportRecord.Run]) -> [String: Int] {
    runs.reduce(into: [:]) { $0[$1.variant, default: 0] += 1 }
  }

  /// Tables, and their rows and columns, without those of methods that differ anyway.
  private static func tables(
    _ was: [ReportRecord.Table], _ now: [ReportRecord.Table], besides methods: Set<String>
  ) -> [String] {
    difference("the tables", Set(was.map(\.identifier)), Set(now.map(\.identifier)))
      + was.flatMap { old -> [String] in
        guard let new = now.first(where: { $0.identifier == old.identifier }) else { return [] }
        func names(_ table: ReportRecord.Table) -> Set<String> {
          Set(table.cells.flatMap { [$0.row, $0.column] }).subtracting(methods)
        }
        return difference("rows and columns of \"\(old.identifier)\"", names(old), names(new))
      }
  }

  private static func difference(_ what: String, _ was: Set<String>, _ now: Set<String>) -> [String] {
    let (gone, new) = (was.subtracting(now).sorted(), now.subtracting(was).sorted())
    guard !gone.isEmpty || !new.isEmpty else { return [] }
    let parts = [("without", gone), ("with", new)].filter { !$0.1.isEmpty }
    return ["\(what): now " + parts.map { "\($0) \($1.joined(separator: ", "))" }.joined(separator: ", ")]
  }
}
