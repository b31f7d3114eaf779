/// A cell for terminals and records: no emphasis, nothing escaped.
package enum PlainText {
  private static let writer = CellWriter(
    plusMinus: " ± ", minus: "−", less: "<", missing: "—", tick: "✓", noTick: "", number: { $0 }, escape: { $0 },
    best: { $0 }, second: { $0 })

  package static func text(_ cell: Cell) -> String { writer.text(cell) }
}
