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
  /// What a ranked cell's number rests on, for a test against the best; nil: cells are ranked as printed only.
  var evidence: ((Item) -> MethodScores?)?

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
    let evidence = items.map { row in columns.map { $0.evidence(of: row) } }
    rank(columns.map(\.ranking), evidence, marksSecond: marksSecond)
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

extension Column {
  fileprivate func evidence(of row: RowItem<Item>) -> MethodScores? {
    guard ranking != nil, case .own(let item, _, _) = row else { return nil }
    return evidence?(item)
  }
}
