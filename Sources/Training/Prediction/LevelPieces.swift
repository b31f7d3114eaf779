import Compute
import Volumes

/// The connected pieces of a chain of levels on the networks' grid, whatever their voxels are called.
///
/// How many voxels are usual is told by the neighbouring levels: a lumbar vertebra is several times a cervical one.
struct LevelPieces {
  /// Voxels of one name, in a piece or in all of them.
  struct Named {
    var voxels = 0
    /// The sum of their rows.
    var rows = 0.0
    /// Whether one lies in the image's first or last row, so that the level may be cut off.
    var isCut = false

    var centre: Double { rows / Double(voxels) }

    mutating func add(row: Int, of height: Int) {
      voxels += 1
      rows += Double(row)
      if row == 0 || row == height - 1 { isCut = true }
    }
  }

  struct Piece {
    /// Ascending.
    var voxels: [Int] = []
    /// By level of the chain.
    var names: [Named]

    /// Its mean row, from head to foot.
    var centre: Double { names.reduce(0) { $0 + $1.rows } / Double(voxels.count) }
  }

  /// What has less than this share of the usual voxels is a speck: such a piece stays as it is, such a name is no level's.
  static let speck = 0.25

  /// Those that are no specks, from head to foot; of equal centres in the order of their first voxels.
  let pieces: [Piece]
  /// How far neighbouring levels lie apart, in rows; nil where there are no neighbours.
  ///
  /// By the names' centres, which lie too close where names are wrong, and by the pieces', which lie too far where levels
  /// touch: the larger of both lower medians, and that of the names where there are fewer pieces than all names but one.
  let pitch: Double?
  /// By level of the chain, how many voxels it and its two neighbours on both sides usually have; 0 where none is there.
  private let usual: [Int]

  /// - Parameter chain: classes from head to foot.
  init(of labels: Grid3<UInt8>, chain: [Int]) {
    var place = [Int?](repeating: nil, count: 256)
    for (index, level) in chain.enumerated() { place[level] = index }
    let components = LabelComponents(
      of: Grid3(labels.extent, values: labels.values.map { place[Int($0)] == nil ? 0 : 1 }), classes: [1])
    let (height, width) = (labels.extent.height, labels.extent.width)
    var all = [Named](repeating: Named(), count: chain.count)
    var found = components.pieces.map { _ in Piece(names: all) }
    for (voxel, label) in labels.values.enumerated() {
      guard let level = place[Int(label)], let piece = components.piece(at: voxel) else { continue }
      let row = voxel / width % height
      found[piece].voxels.append(voxel)
      found[piece].names[level].add(row: row, of: height)
      all[level].add(row: row, of: height)
    }
    let usual = all.indices.map { level in
      all[max(0, level - 2)...min(all.count - 1, level + 2)].map(\.voxels).filter { $0 > 0 }.lowerMedian ?? 0
    }
    self.usual = usual
    pieces = found.enumerated().filter { !Self.isSpeck($0.element, usual) }.sorted {
      ($0.element.centre, $0.offset) < ($1.element.centre, $1.offset)
    }.map(\.element)
    let byName = zip(all, all.dropFirst()).filter { $0.voxels > 0 && $1.voxels > 0 }.map { abs($1.centre - $0.centre) }
    let byPiece = zip(pieces, pieces.dropFirst()).map { $1.centre - $0.centre }
    let named = zip(all, usual).count { $0.voxels > 0 && Double($0.voxels) >= Self.speck * Double($1) }
    let larger = [byName.lowerMedian, byPiece.lowerMedian].compactMap(\.self).max()
    pitch = pieces.count + 1 < named ? byName.lowerMedian ?? larger : larger
  }

  private static func isSpeck(_ piece: Piece, _ usual: [Int]) -> Bool {
    let most = piece.names.indices.max { piece.names[$0].voxels < piece.names[$1].voxels } ?? 0
    return Double(piece.voxels.count) < speck * Double(usual[most])
  }

  /// The names in a piece that may be levels, from head to foot: no specks, but for what the image's edge cuts off.
  private func names(in piece: Piece) -> [(level: Int, name: Named)] {
    piece.names.enumerated().filter { level, name in
      name.voxels > 0 && (name.isCut || Double(name.voxels) >= Self.speck * Double(usual[level]))
    }.map { (level: $0.offset, name: $0.element) }.sorted { $0.name.centre < $1.name.centre }
  }

  /// How many levels a piece may hold, at least one: names whose centres lie half a pitch apart.
  ///
  /// The centres of two names in one vertebra lie half its height apart, wherever one begins; those of two vertebrae a whole
  /// pitch. What the image's edge cuts off counts, however close its centre.
  func levels(in piece: Piece) -> Int {
    var (count, last): (Int, Named?) = (0, nil)
    for (_, name) in names(in: piece) {
      if let last, !last.isCut, !name.isCut, name.centre - last.centre < (pitch ?? .infinity) / 2 { continue }
      (count, last) = (count + 1, name)
    }
    return max(1, count)
  }

  /// What a piece of several levels is as it is; nil where its names do not follow each other from head to foot.
  func ownRun(of piece: Piece) -> LevelSequence.Run? {
    let levels = names(in: piece).map(\.level)
    guard let first = levels.first, let last = levels.last, levels == levels.sorted() else { return nil }
    return LevelSequence.Run(first: first, count: last - first + 1)
  }
}

extension [Int] {
  fileprivate var lowerMedian: Int? { isEmpty ? nil : sorted()[(count - 1) / 2] }
}

extension [Double] {
  fileprivate var lowerMedian: Double? { isEmpty ? nil : sorted()[(count - 1) / 2] }
}
