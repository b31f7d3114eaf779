import Foundation
import Store
import Text

/// Everything about one imported method for `safnet runs show`.
package struct ImportDescription: Encodable, Sendable {
  package var run: String
  package var state: RunState
  package var record: ImportRecord
  package var testDice: Double?

  package init(of directory: RunDirectory) throws {
    record = try directory.readImport()
    let history = try directory.history()
    (run, state) = (directory.name, try directory.state(after: history))
    testDice = history.evaluation?.meanDice
  }

  package var text: String {
    let maps = record.folds.flatMap(\.maps)
    let missing = record.folds.flatMap(\.missing)
    let details = record.origin.details.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let head = [
      "\(run): \(state.rawValue), imported",
      "'\(record.name)' beside the experiment \(record.experiment); content \(record.identity)",
      "made by \(record.origin.words)" + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
        + (record.origin.version == nil ? ", version not stated" : ""),
      "from \(record.folder) on \(record.date.formatted(.iso8601)), scored by safnet \(record.program)",
      "\(Quantity.of(maps.count, "test case"))" + (testDice.map { ", mean Dice \($0.percent)" } ?? ""),
    ]
    let partial = record.partial.map { ["without \(missing.joined(separator: ", ")): \($0)"] } ?? []
    let rows = record.folds.flatMap { fold in
      fold.maps.map { ["\(fold.number)", $0.name, String($0.sha256.prefix(16)), $0.file] }
    }
    let table = AlignedTable.lines([["fold", "case", "sha256", "file"]] + rows)
    return (head + partial + record.notices + [""] + table).joined(separator: "\n")
  }
}
