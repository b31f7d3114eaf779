/// Which cells are compared, and which of them is the best.
package struct Ranking: Equatable, Sendable {
  package enum Better: Equatable, Sendable { case higher, lower }
  /// With the others of its column, or with the other ranked ones of its row (where methods are columns).
  package enum Among: Equatable, Sendable { case column, row }

  package var better: Better
  package var among: Among

  package init(_ better: Better, among: Among = .column) { (self.better, self.among) = (better, among) }
}

extension Table {
  /// Marks the best cells, and those that a test cannot tell from the best.
  ///
  /// - Parameter evidence: by row and column; nil where a cell's number can only be compared as it is printed.
  mutating func rank(_ rankings: [Ranking?], _ evidence: [[MethodScores?]], marksSecond: Bool) {
    let contests = contests(rankings)
    let comparisons = contests.map { contest in
      contest.places.map { place in evidence[place.row][place.column] }
    }.map(Comparison.all)
    let adjusted = holmAdjusted(comparisons.joined().map(\.pValue))
    var first = 0
    for (contest, own) in zip(contests, comparisons) {
      let told = zip(own, adjusted[first...]).filter { $0.1 < Comparison.level }.map(\.0)
      first += own.count
      mark(contest, told: Set(told.map(\.pair)), isTested: !own.isEmpty, marksSecond: marksSecond)
    }
  }

  /// Cells that may be compared: own, complete, as printed. A mean over part of the runs does not compete.
  private func contests(_ rankings: [Ranking?]) -> [Contest] {
    let columns = rankings.enumerated().compactMap { column, ranking -> Contest? in
      guard let ranking, ranking.among == .column else { return nil }
      return contest(rows.indices.map { Contest.Place(row: $0, column: column) }, ranking.better)
    }
    let across = [Ranking.Better.higher, .lower].flatMap { better -> [Contest] in
      let competing = rankings.indices.filter { rankings[$0] == Ranking(better, among: .row) }
      return rows.indices.compactMap { row in
        contest(competing.map { Contest.Place(row: row, column: $0) }, better)
      }
    }
    return columns + across
  }

  /// Nil where fewer than two cells compete.
  private func contest(_ places: [Contest.Place], _ better: Ranking.Better) -> Contest? {
    let competing = places.compactMap { place in
      rows[place.row].isQuoted ? nil : rows[place.row].cells[place.column].rankedValue.map { (place, $0) }
    }
    guard competing.count > 1 else { return nil }
    return Contest(places: competing.map(\.0), values: competing.map(\.1), better: better)
  }

  /// Equal as printed is equal: both are the best.
  private mutating func mark(_ contest: Contest, told: Set<Pair>, isTested: Bool, marksSecond: Bool) {
    let ordered = Set(contest.values).sorted { contest.better == .lower ? $0 < $1 : $0 > $1 }
    // Of methods that all found nothing, none is the best.
    if contest.better == .higher, ordered[0] <= 0 { return }
    guard let best = contest.values.firstIndex(of: ordered[0]) else { return }
    for (index, place) in contest.places.enumerated() {
      let value = contest.values[index]
      if value == ordered[0] { rows[place.row].cells[place.column].rank = .best }
      if marksSecond && ordered.count > 1 && value == ordered[1] { rows[place.row].cells[place.column].rank = .second }
      if isTested && value != ordered[0] && !told.contains(Pair(index, best)) {
        rows[place.row].cells[place.column].isUndecided = true
      }
    }
  }
}

/// Cells that are ranked together.
private struct Contest {
  struct Place {
    let row, column: Int
  }

  let places: [Place]
  let values: [Double]
  let better: Ranking.Better
}

/// Two of a contest's cells, whichever comes first.
private struct Pair: Hashable {
  let low, high: Int

  init(_ a: Int, _ b: Int) { (low, high) = (min(a, b), max(a, b)) }
}

/// The test of two methods over cases and seeds.
private struct Comparison {
  /// Of a table's tests together.
  static let level = 0.05

  let pair: Pair
  let pValue: Double

  /// Of every pair that has what the test needs: the best one is not known beforehand.
  static func all(_ scores: [MethodScores?]) -> [Comparison] {
    scores.indices.flatMap { high in
      (0..<high).compactMap { low in
        guard let a = scores[low], let b = scores[high], let p = MethodPair(a, b)?.estimate?.pValue else { return nil }
        return Comparison(pair: Pair(low, high), pValue: p)
      }
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
