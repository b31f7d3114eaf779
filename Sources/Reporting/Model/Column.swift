import Experiments

/// One column of a table, everything about it in one value: what its head says, how it is set, whether it is ranked,
/// and what stands in it for each row.
///
/// A table is a list of these; every format (Markdown, CSV, LaTeX, HTML, terminal) is made from that one list.
/// `Item` is what the rows are about: a method, a structure.
package struct Column<Item> {
  package var heading: String
  package var alignment = Alignment.trailing
  /// How its cells compete for being the best; nil: they do not.
  package var ranking: Ranking?
  package var cell: (Item) -> Cell
  /// What stands in it in a row that quotes published figures.
  package var quoted: (PaperFigures.Row) -> Cell

  package init(
    _ heading: String, alignment: Alignment = .trailing, ranking: Ranking? = nil,
    quoted: @escaping (PaperFigures.Row) -> Cell = { _ in Cell(.text("")) }, cell: @escaping (Item) -> Cell
  ) {
    (self.heading, self.alignment, self.ranking) = (heading, alignment, ranking)
    (self.cell, self.quoted) = (cell, quoted)
  }

  /// A column of plain numbers; nil is shown as missing.
  package init(_ heading: String, _ format: NumberFormat, value: @escaping (Item) -> Double?) {
    self.init(heading) { item in value(item).map { Cell(.number(Number($0, format))) } ?? Cell(.missing) }
  }
}

/// On which side of a column its cells stand: numbers trail, words lead.
package enum Alignment: Equatable, Sendable { case leading, trailing }

/// Which cells are compared, and which of them is the best.
package struct Ranking: Equatable, Sendable {
  package enum Better: Equatable, Sendable { case higher, lower }
  /// With the others of its column, or with the other ranked ones of its row (where methods are columns).
  package enum Among: Equatable, Sendable { case column, row }

  package var better: Better
  package var among: Among

  package init(_ better: Better, among: Among = .column) { (self.better, self.among) = (better, among) }
}

/// One row of a table that is being made.
package enum RowItem<Item> {
  case own(Item, label: String, startsSection: Bool = false)
  case quoted(PaperFigures.Row)
}

extension Table {
  /// - Parameters:
  ///   - rowTitle: the head of the first column, which holds the rows' labels.
  ///   - marksSecond: mark the second best too.
  package init<Item>(
    _ kind: ReportPlan.Table, caption: String, notes: [String], rowTitle: String, columns: [Column<Item>],
    rows items: [RowItem<Item>], marksSecond: Bool
  ) {
    (self.kind, self.caption, self.notes) = (kind, caption, notes)
    heads = [Head(rowTitle, .leading)] + columns.map { Head($0.heading, $0.alignment) }
    rows = items.map { Row($0, columns) }
    rank(columns.map(\.ranking), marksSecond: marksSecond)
    if rows.contains(where: \.isQuoted) { self.notes.append(PaperFigures.contradictions) }
  }
}

extension Table.Row {
  fileprivate init<Item>(_ row: RowItem<Item>, _ columns: [Column<Item>]) {
    switch row {
    case .own(let item, let label, let startsSection):
      self.init(label: label, cells: columns.map { $0.cell(item) }, startsSection: startsSection)
    case .quoted(let figures):
      self.init(label: "\(figures.name) (paper)", cells: columns.map { $0.quoted(figures) }, isQuoted: true)
    }
  }
}

// MARK: Ranks

extension Table {
  private mutating func rank(_ rankings: [Ranking?], marksSecond: Bool) {
    for (column, ranking) in rankings.enumerated() {
      guard let ranking, ranking.among == .column else { continue }
      rank(rows.indices.map { ($0, column) }, ranking.better, marksSecond: marksSecond)
    }
    for better in [Ranking.Better.higher, .lower] {
      let competing = rankings.indices.filter { rankings[$0] == Ranking(better, among: .row) }
      for row in rows.indices { rank(competing.map { (row, $0) }, better, marksSecond: marksSecond) }
    }
  }

  /// Marks the best (and the second best) among cells that may be compared: own, complete, as printed.
  ///
  /// Equal as printed is equal: both are marked. A mean over part of the folds does not compete.
  private mutating func rank(_ places: [(row: Int, column: Int)], _ better: Ranking.Better, marksSecond: Bool) {
    let competing = places.compactMap { place in
      rows[place.row].isQuoted ? nil : rows[place.row].cells[place.column].rankedValue.map { (place, $0) }
    }
    guard competing.count > 1 else { return }
    let ordered = Set(competing.map(\.1)).sorted { better == .lower ? $0 < $1 : $0 > $1 }
    for (place, value) in competing {
      if value == ordered[0] { rows[place.row].cells[place.column].rank = .best }
      if marksSecond && ordered.count > 1 && value == ordered[1] { rows[place.row].cells[place.column].rank = .second }
    }
  }
}

extension Cell {
  /// The number as printed, if the cell takes part in a comparison.
  fileprivate var rankedValue: Double? {
    guard case .number(let number) = content, number.coverage == nil else { return nil }
    return Double(number.format.text(number.value))
  }
}
