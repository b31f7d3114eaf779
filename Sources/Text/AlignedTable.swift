/// Rows of text in columns of equal width on a terminal, two blanks apart.
package enum AlignedTable {
  /// Rows may be of different lengths; no line ends with blanks. Cells are whole, each in one line (`oneLine`).
  ///
  /// - Parameter isLeft: whether a column stands on the left of its width (words) or on the right (numbers).
  package static func lines(_ rows: [[String]], left isLeft: (Int) -> Bool = { _ in true }) -> [String] {
    let rows = rows.map { $0.map(Cell.init) }
    let widths = widths(of: rows)
    let longest = widths.reduce(0) { $0 + $1 + 2 }
    let blank = UInt8(ascii: " ")
    return rows.map { row in
      // As bytes: thousands of rows are put together.
      var line: [UInt8] = []
      line.reserveCapacity(longest)
      for (column, cell) in row.enumerated() {
        let blanks = repeatElement(blank, count: widths[column] - cell.width)
        if column > 0 { line.append(contentsOf: repeatElement(blank, count: 2)) }
        if !isLeft(column) { line.append(contentsOf: blanks) }
        line.append(contentsOf: cell.text.utf8)
        if isLeft(column) { line.append(contentsOf: blanks) }
      }
      while line.last == blank { line.removeLast() }
      return String(decoding: line, as: UTF8.self)
    }
  }

  /// Of each column, in a terminal's columns.
  package static func widths(of rows: [[String]]) -> [Int] { widths(of: rows.map { $0.map(Cell.init) }) }

  /// A cell in one line, measured once.
  private struct Cell {
    let text: String
    let width: Int

    init(_ cell: String) {
      text = cell.oneLine
      width = text.displayWidth
    }
  }

  private static func widths(of rows: [[Cell]]) -> [Int] {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.width)
      }
    }
    return widths
  }
}
