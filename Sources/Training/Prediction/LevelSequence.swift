/// Pieces of a spine from head to foot, and which levels they may be.
///
/// A naming gives each piece a run of neighbouring levels, or calls it outside: a vertebra beyond those that are learnt.
/// Outside are only pieces at the ends. Between them levels follow each other: the next piece starts with the level after the
/// last one's, with a later one only where there is room for what is left out, and with the same one only beside it. Fragments
/// may be passed over.
struct LevelSequence {
  /// Neighbouring levels that one piece holds; more than one where vertebrae touch.
  struct Run: Hashable {
    /// Its first level's place in the chain.
    var first: Int
    var count: Int

    var next: Int { first + count }
  }

  /// What a piece may be.
  struct Option {
    var run: Run
    /// How many of its voxels are then probably named rightly.
    var right: Double
    /// Whether its voxels stay as they are, whatever they are called.
    var isOwn = false
  }

  struct Piece {
    /// Where it lies from head to foot.
    var centre: Double
    /// What speaks for its being no level: the sum over its voxels of the background's probability less a half.
    var outside: Double
    /// Whether it is so small that it may be no vertebra at all.
    var isFragment = false
    var options: [Option]
  }

  /// What becomes of a piece.
  enum Name {
    case level(Option)
    /// It stays as it is, and counts for nothing.
    case passed
    case outside
  }

  /// An option of a piece.
  private struct Place {
    var piece: Int
    var option: Int
  }

  /// The best naming down to an option of a piece.
  private struct Way {
    var right: Double
    /// The named piece above; nil where this is the first.
    var from: Place?
  }

  /// From head to foot.
  var pieces: [Piece]
  /// How far neighbouring levels lie apart; nil where nothing tells it: then none is left out.
  var pitch: Double?
  /// Places of levels that most spines lack, such as a sixth lumbar vertebra.
  var rare: Set<Int> = []

  /// The naming with the largest expected number of rightly named voxels and of what speaks for pieces outside, of equal ones
  /// the first.
  var best: [Name] {
    var ways: [[Way]] = []
    var above = 0.0
    for (index, piece) in pieces.enumerated() {
      let before = lastNamed(before: index)
      ways.append(piece.options.map { way(to: $0, index, after: before, ways, above) })
      above += piece.outside
    }
    var place = end(ways)
    // Of probabilities that are no numbers nothing follows.
    var names = [Name](repeating: place == nil ? .passed : .outside, count: pieces.count)
    while let at = place {
      names[at.piece] = .level(pieces[at.piece].options[at.option])
      place = ways[at.piece][at.option].from
      if let above = place { for index in above.piece + 1..<at.piece { names[index] = .passed } }
    }
    return names
  }

  /// The pieces that may be the next named one above: fragments, and the first above them that is none.
  private func lastNamed(before index: Int) -> Range<Int> {
    (pieces[..<index].lastIndex { !$0.isFragment } ?? 0)..<index
  }

  /// The best way to call a piece so: as the first that is named, or after one above it.
  private func way(to option: Option, _ index: Int, after before: Range<Int>, _ ways: [[Way]], _ above: Double) -> Way {
    var best = Way(right: above + option.right)
    for piece in before {
      for (place, way) in ways[piece].enumerated() where way.right + option.right > best.right {
        if follows(index, option.run, piece, pieces[piece].options[place].run) {
          best = Way(right: way.right + option.right, from: Place(piece: piece, option: place))
        }
      }
    }
    return best
  }

  /// Where the named pieces end best; what comes after is outside.
  private func end(_ ways: [[Way]]) -> Place? {
    var (best, most, below): (Place?, Double, Double) = (nil, -Double.infinity, 0)
    for piece in pieces.indices.reversed() {
      for (option, way) in ways[piece].enumerated() where way.right + below > most {
        (best, most) = (Place(piece: piece, option: option), way.right + below)
      }
      below += pieces[piece].outside
    }
    return best
  }

  /// Whether a piece may be this after a piece above it is that.
  private func follows(_ index: Int, _ run: Run, _ above: Int, _ last: Run) -> Bool {
    let missing = run.first - last.next
    if missing == 0 { return true }
    let distance = pieces[index].centre - pieces[above].centre
    guard missing > 0 else {
      // The same level again: its other half lies beside it.
      return missing == -1 && pitch.map { distance <= $0 / 2 } ?? false
    }
    let lacking = missing - (last.next..<run.first).count { rare.contains($0) }
    guard lacking > 0 else { return true }
    guard let pitch, pitch > 0 else { return false }
    let room = distance / pitch - Double(last.count + run.count) / 2
    return Double(lacking) <= (room + 0.5).rounded(.down)
  }
}
