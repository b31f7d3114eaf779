/// Rows of text in columns of equal width on a terminal, two blanks apart.
package enum AlignedTable {
  /// Rows may be of different lengths; no line ends with blanks. Cells are whole, each in one line (`oneLine`).
  ///
  /// - Parameter isLeft: whether a column stands on the left of its width (words) or on the right (numbers).
  package static func lines(_ rows: [[String]], left isLeft: (Int) -> Bool = { _ in true }) -> [String] {
    let widths = widths(of: rows)
    return rows.map { line($0, widths, left: isLeft) }
  }

  /// One of many rows whose columns are so wide.
  package static func line(
    _ row: [String], _ widths: [Int], left isLeft: (Int) -> Bool = { _ in true }
  ) -> String {
    let blank = UInt8(ascii: " ")
    // As bytes: thousands of rows are put together.
    var line: [UInt8] = []
    line.reserveCapacity(widths.reduce(0) { $0 + $1 + 2 })
    for (column, text) in row.enumerated() {
      let cell = Cell(text)
      let (blanks, isLeft) = (widths[column] - cell.width, isLeft(column))
      for _ in 0..<((column > 0 ? 2 : 0) + (isLeft ? 0 : blanks)) { line.append(blank) }
      line.append(contentsOf: cell.text.utf8)
      if isLeft { for _ in 0..<blanks { line.append(blank) } }
    }
    while line.last == blank { line.removeLast() }
    return String(decoding: line, as: UTF8.self)
  }

  /// Of each column, in a terminal's columns.
  package static func widths(of rows: [[String]]) -> [Int] {
    var widths: [Int] = []
    for row in rows {
      for (column, text) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], Cell(text).width)
      }
    }
    return widths
  }

  /// A cell in one line. Nearly all are plain, which costs less to see again than to keep.
  private struct Cell {
    let text: String
    let width: Int

    init(_ cell: String) {
      let isPlain = cell.isPlain
      text = isPlain ? cell : cell.oneLine
      width = isPlain ? cell.utf8.count : text.displayWidth
    }
  }
}
