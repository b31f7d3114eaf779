/// Rows of text in columns of equal width on a terminal, two blanks apart.
package enum AlignedTable {
  /// Rows may be of different lengths; no line ends with blanks. Cells are whole, each in one line (`oneLine`).
  ///
  /// - Parameter isLeft: whether a column stands on the left of its width (words) or on the right (numbers).
  package static func lines(_ rows: [[String]], left isLeft: (Int) -> Bool = { _ in true }) -> [String] {
    let rows = rows.map { $0.map(\.oneLine) }
    let widths = widths(of: rows)
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in cell.padded(to: widths[column], left: isLeft(column)) }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Of each column, in a terminal's columns.
  package static func widths(of rows: [[String]]) -> [Int] {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.oneLine.displayWidth)
      }
    }
    return widths
  }
}
