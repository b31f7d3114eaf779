import Compute
import Metrics
import Volumes

/// Levels of the spine named one after the other: each piece of a label map bears one name, and from head to foot none
/// comes twice or is left out.
///
/// A network names voxel by voxel, and where it is in doubt a vertebra has the names of two, or two have the same. Of all
/// namings of the pieces that follow the spine the one is taken whose expected number of rightly named voxels is largest:
/// the sum over voxels of the probability of the name that each bears. A piece that becomes background counts by how much
/// likelier than not that is. `LevelSequence` has the rule, `LevelPieces` what a piece is. Vertebrae and discs are two chains,
/// each by itself; other structures stay as they are.
package struct ConsecutiveLevels: Sendable {
  private struct Chain {
    let classes: [Int]
    /// Places of levels that most spines lack.
    let rare: Set<Int>
  }

  private let chains: [Chain]

  /// - Parameter structures: names of the classes from 1 on.
  /// - Returns: nil where no two of them are levels of one chain.
  package init?(structures: [String]) {
    let spine = SpineLevels(names: structures)
    guard !spine.isEmpty else { return nil }
    chains = spine.chains.map { classes in
      Chain(classes: classes, rare: Set(classes.indices.filter { spine.rare.contains(classes[$0]) }))
    }
  }

  /// - Parameters:
  ///   - labels: classes on the networks' grid, whose rows run from head to foot.
  ///   - probability: of a class (first) in a voxel (second).
  package func naming(_ labels: Grid3<UInt8>, _ probability: (Int, Int) -> Double) -> Grid3<UInt8> {
    var values = labels.values
    for chain in chains { name(chain, labels, probability, &values) }
    return Grid3(labels.extent, values: values)
  }

  private func name(
    _ chain: Chain, _ labels: Grid3<UInt8>, _ probability: (Int, Int) -> Double, _ values: inout [UInt8]
  ) {
    let found = LevelPieces(of: labels, chain: chain.classes)
    let sequence = LevelSequence(
      pieces: found.pieces.map { piece in
        LevelSequence.Piece(
          centre: piece.centre, outside: piece.voxels.reduce(0) { $0 + probability(0, $1) - 0.5 },
          isFragment: found.isFragment(piece), options: options(of: piece, found, labels, chain.classes, probability))
      }, pitch: found.pitch, rare: chain.rare)
    for (piece, name) in zip(found.pieces, sequence.best) {
      switch name {
      case .passed: continue
      case .outside: for voxel in piece.voxels { values[voxel] = 0 }
      case .level(let option) where option.isOwn: continue
      case .level(let option):
        let levels = chain.classes[option.run.first..<option.run.next]
        for voxel in piece.voxels { values[voxel] = UInt8(likeliest(of: levels, at: voxel, probability)) }
      }
    }
  }

  private func options(
    of piece: LevelPieces.Piece, _ found: LevelPieces, _ labels: Grid3<UInt8>, _ classes: [Int],
    _ probability: (Int, Int) -> Double
  ) -> [LevelSequence.Option] {
    let most = found.levels(in: piece)
    let rights = rights(of: piece, upTo: most, classes, probability)
    let named = (1...most).flatMap { count in
      (0...(classes.count - count)).map { first in
        LevelSequence.Option(run: .init(first: first, count: count), right: rights[(count - 1) * classes.count + first])
      }
    }
    guard most > 1, let run = found.ownRun(of: piece) else { return named }
    let right = piece.voxels.reduce(0.0) { $0 + probability(Int(labels.values[$1]), $1) }
    return [LevelSequence.Option(run: run, right: right, isOwn: true)] + named
  }

  /// By how many levels a piece may be (slowest) and its first level, how many of its voxels are probably named rightly when
  /// each bears the likeliest of those.
  private func rights(
    of piece: LevelPieces.Piece, upTo most: Int, _ classes: [Int], _ probability: (Int, Int) -> Double
  ) -> [Double] {
    var (rights, row) = ([Double](repeating: 0, count: most * classes.count), classes.map { _ in 0.0 })
    for voxel in piece.voxels {
      for (level, label) in classes.enumerated() { row[level] = probability(label, voxel) }
      for first in row.indices {
        var likeliest = 0.0
        for count in 1...min(most, row.count - first) {
          likeliest = max(likeliest, row[first + count - 1])
          rights[(count - 1) * row.count + first] += likeliest
        }
      }
    }
    return rights
  }

  /// The likeliest of these classes, of equal ones the first.
  private func likeliest(of classes: ArraySlice<Int>, at voxel: Int, _ probability: (Int, Int) -> Double) -> Int {
    var best = classes[classes.startIndex]
    for one in classes.dropFirst() where probability(one, voxel) > probability(best, voxel) { best = one }
    return best
  }
}
