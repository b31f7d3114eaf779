extension String {
  /// The candidate a person most likely meant, or nil when none is close.
  ///
  /// A slip of one letter comes first, then the same letters or words in another order (`3dunet` for `unet3d`), then what the
  /// word begins with (`cfnet3d`), which letters that happen to be alike must not outdo; then the least distance.
  ///
  /// A name of one letter is near to that letter alone, small or capital: any other would be as near.
  ///
  /// Distance: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), without regard
  /// to case; at most a third of the longer word.
  package func nearest(in candidates: [String]) -> String? {
    let candidates = candidates.filter { count > 1 && $0.count > 1 || lowercased() == $0.lowercased() }
    let scored = candidates.map { (word: $0, distance: editDistance(to: $0)) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    if best.distance <= 1 { return best.word }
    if let other = turned(in: candidates) ?? beginning(in: candidates) { return other }
    return best.distance <= max(count, best.word.count) / 3 ? best.word : nil
  }

  /// Of fewer letters another order says nothing.
  private static let fewestTurned = 4

  /// The candidate of the same letters and digits in another order, whatever joins them.
  private func turned(in candidates: [String]) -> String? {
    let own = sortedLetters
    return own.count < Self.fewestTurned ? nil : candidates.first { $0.sortedLetters == own }
  }

  private var sortedLetters: [Character] { lowercased().filter { $0.isLetter || $0.isNumber }.sorted() }

  /// Of fewer letters a beginning says nothing.
  private static let shortestBeginning = 3

  /// The longest candidate that the word begins with, where it is half of it at least. Behind a sign such as `:` or `/` a path goes
  /// on, which is no other word for its beginning.
  private func beginning(in candidates: [String]) -> String? {
    candidates.filter { one in
      one.count >= Self.shortestBeginning && 2 * one.count >= count && lowercased().hasPrefix(one.lowercased())
        && dropFirst(one.count).first.map { $0.isLetter || $0.isNumber || "_- ".contains($0) } == true
    }.max { $0.count < $1.count }
  }

  package func editDistance(to other: String) -> Int {
    let (a, b) = (Array(lowercased()), Array(other.lowercased()))
    var rows = [Array(0...b.count)]
    for i in 1..<(a.count + 1) {
      var row = [i]
      for j in 1..<(b.count + 1) {
        let substitution = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        var ways = [rows[i - 1][j] + 1, row[j - 1] + 1, substitution]
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { ways.append(rows[i - 2][j - 2] + 1) }
        row.append(ways.min()!)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}

extension Optional<String> {
  /// `, did you mean NEAREST?`, or nothing.
  package var hint: String { map { ", did you mean \($0)?" } ?? "" }

  /// The same where a sentence ends: without a nearest one a full stop.
  package var closingHint: String { self == nil ? "." : hint }
}

extension String {
  /// The name of a variant among others: one with a comma, as those of a grid have, in quotes, so that it can be copied.
  package var inAList: String { contains(",") ? "\"\(self)\"" : self }

  /// The first `limit` characters, with an ellipsis for what was left out.
  package func shortened(to limit: Int) -> String { count <= limit ? self : prefix(limit - 1) + "…" }
}
