/// Pieces of a spine from head to foot, and which levels they may be.
///
/// A naming gives each piece a run of neighbouring levels, or calls it outside: a vertebra beyond those that are learnt.
/// Outside are only pieces at the ends. Between them levels follow each other: the next piece starts with the level after the
/// last one's, with a later one only where there is room for what is left out, and with the same one only beside it.
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
    /// How many of its voxels are probably no level: the sum of the background's probabilities.
    var outside: Double
    var options: [Option]
  }

  /// From head to foot.
  var pieces: [Piece]
  /// How far neighbouring levels lie apart; nil where nothing tells it: then none is left out.
  var pitch: Double?
  /// Places of levels that most spines lack, such as a sixth lumbar vertebra.
  var rare: Set<Int> = []

  /// The naming with the largest expected number of rightly named voxels, of equal ones the first; nil for a piece outside.
  var best: [Option?] {
    var reached: [[(right: Double, from: Int?)]] = []
    var above = 0.0
    for (index, piece) in pieces.enumerated() {
      reached.append(piece.options.map { way(to: $0.run, index, above, reached.last ?? [], $0.right) })
      above += piece.outside
    }
    var names = [Option?](repeating: nil, count: pieces.count)
    var place = end(reached)
    while let (piece, option) = place {
      names[piece] = pieces[piece].options[option]
      place = reached[piece][option].from.map { (piece - 1, $0) }
    }
    return names
  }

  /// The best way to call a piece so: as the first that is named, or after the piece before it.
  private func way(
    to run: Run, _ index: Int, _ above: Double, _ before: [(right: Double, from: Int?)], _ right: Double
  ) -> (right: Double, from: Int?) {
    var best: (right: Double, from: Int?) = (above + right, nil)
    for (option, one) in before.enumerated() where one.right + right > best.right {
      if follows(index, run, pieces[index - 1].options[option].run) { best = (one.right + right, option) }
    }
    return best
  }

  /// Where the named pieces end best; what comes after is outside.
  private func end(_ reached: [[(right: Double, from: Int?)]]) -> (piece: Int, option: Int)? {
    var (best, below): ((right: Double, piece: Int, option: Int)?, Double) = (nil, 0)
    for piece in pieces.indices.reversed() {
      for (option, one) in reached[piece].enumerated() where one.right + below > best?.right ?? -1 {
        best = (one.right + below, piece, option)
      }
      below += pieces[piece].outside
    }
    return best.map { ($0.piece, $0.option) }
  }

  /// Whether a piece may be this after the piece above it is that.
  func follows(_ index: Int, _ run: Run, _ last: Run) -> Bool {
    let missing = run.first - last.next
    if missing == 0 { return true }
    let distance = pieces[index].centre - pieces[index - 1].centre
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
