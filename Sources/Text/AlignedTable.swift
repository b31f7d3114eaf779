/// Rows of text in columns of equal width, two blanks apart.
package enum AlignedTable {
  /// Rows may be of different lengths; no line ends with blanks.
  ///
  /// - Parameter isLeft: whether a column stands on the left of its width (words) or on the right (numbers).
  package static func lines(_ rows: [[String]], left isLeft: (Int) -> Bool = { _ in true }) -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        return isLeft(column) ? cell + blanks : blanks + cell
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }
}
