extension String {
  /// The candidate a person most likely meant, or nil when none is close.
  ///
  /// Distance: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), without regard
  /// to case; at most a third of the longer word.
  package func nearest(in candidates: [String]) -> String? {
    let scored = candidates.map { (word: $0, distance: editDistance(to: $0)) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, max(count, best.word.count) / 3) ? best.word : nil
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
  /// The first `limit` characters, with an ellipsis for what was left out.
  package func shortened(to limit: Int) -> String { count <= limit ? self : prefix(limit - 1) + "…" }
}
