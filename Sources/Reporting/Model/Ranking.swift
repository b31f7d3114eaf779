extension Table {
  /// Marks the best (and the second best) among cells that may be compared: own, complete, as printed.
  ///
  /// Equal as printed is equal: both are marked. A mean over part of the folds does not compete.
  mutating func rank(_ places: [(row: Int, column: Int)], lowerIsBetter: Bool, second: Bool) {
    let competing = places.compactMap { place in
      rows[place.row].isQuoted ? nil : rows[place.row].cells[place.column].rankedValue.map { (place, $0) }
    }
    guard competing.count > 1 else { return }
    let ordered = Set(competing.map(\.1)).sorted { lowerIsBetter ? $0 < $1 : $0 > $1 }
    for (place, value) in competing {
      if value == ordered[0] { rows[place.row].cells[place.column].rank = .best }
      if second && ordered.count > 1 && value == ordered[1] { rows[place.row].cells[place.column].rank = .second }
    }
  }

  mutating func rankColumn(_ column: Int, lowerIsBetter: Bool, second: Bool) {
    rank(rows.indices.map { ($0, column) }, lowerIsBetter: lowerIsBetter, second: second)
  }

  mutating func rankRow(_ row: Int, columns: Range<Int>, lowerIsBetter: Bool, second: Bool) {
    rank(columns.map { (row, $0) }, lowerIsBetter: lowerIsBetter, second: second)
  }
}

extension Cell {
  /// The number as printed, if the cell takes part in a comparison.
  fileprivate var rankedValue: Double? {
    guard case .number(let number) = content, number.coverage == nil else { return nil }
    return Double(number.format.text(number.value))
  }
}
