import Compute
import Volumes

/// The connected pieces of a chain of levels on the networks' grid, whatever their voxels are called.
///
/// How many voxels are usual is told by the neighbouring levels: a lumbar vertebra is several times a cervical one.
struct LevelPieces {
  /// Voxels of one name in a piece.
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

    /// What is usual for the name that most of its voxels bear.
    func usualVoxels(_ usual: [Double]) -> Double {
      usual[names.indices.max { names[$0].voxels < names[$1].voxels } ?? 0]
    }
  }

  /// What has less than this share of the usual voxels is a speck: such a piece stays as it is, such a name is no level's.
  static let speck = 0.25
  /// A piece of less than this share may be no vertebra at all.
  static let fragment = 0.5
  /// A piece of less than this share of what all levels usually have is a speck whatever it is called: of a name that is
  /// nowhere but in specks, specks are usual.
  static let least = 0.1
  /// Of noise there are as many pieces as voxels: no more are looked at, the largest ones.
  static let most = 1000

  /// Those that are no specks, from head to foot; of equal centres in the order of their first voxels.
  let pieces: [Piece]
  /// How far neighbouring levels lie apart, in rows; nil where there are no neighbours.
  ///
  /// By the names' centres, which lie too close where names are wrong, and by the pieces', which lie too far where levels
  /// touch: the larger of both lower medians, and that of the names where there are fewer pieces than all names but one.
  let pitch: Double?
  /// By level of the chain, how many voxels it and its two neighbours on both sides usually have; 0 where none is there.
  private let usual: [Double]

  /// - Parameter chain: classes from head to foot.
  init(of labels: Grid3<UInt8>, chain: [Int]) {
    let found = Self.largest(of: labels, chain)
    // Of each name those voxels alone that are in one piece: more pieces may bear it.
    let names = chain.indices.map { level in
      found.map { $0.names[level] }.reduce(Named()) { $1.voxels > $0.voxels ? $1 : $0 }
    }
    let usual = names.indices.map { level in
      Self.middle(names[max(0, level - 2)...min(names.count - 1, level + 2)].map(\.voxels))
    }
    let least = Self.least * Self.middle(names.map(\.voxels))
    pieces = found.enumerated().filter {
      Double($0.element.voxels.count) >= max(least, Self.speck * $0.element.usualVoxels(usual))
    }.sorted { ($0.element.centre, $0.offset) < ($1.element.centre, $1.offset) }.map(\.element)
    (self.usual, pitch) = (usual, Self.pitch(names, pieces, usual))
  }

  /// The connected voxels of the chain's levels, in the order of their first voxels.
  private static func largest(of labels: Grid3<UInt8>, _ chain: [Int]) -> [Piece] {
    var place = [Int?](repeating: nil, count: 256)
    for (index, level) in chain.enumerated() { place[level] = index }
    let components = LabelComponents(
      of: Grid3(labels.extent, values: labels.values.map { place[Int($0)] == nil ? 0 : 1 }), classes: [1])
    let sizes = components.pieces.map(\.voxels)
    let large = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(most).sorted()
    var number = [Int?](repeating: nil, count: sizes.count)
    for (index, component) in large.enumerated() { number[component] = index }
    var found = large.map { _ in Piece(names: Array(repeating: Named(), count: chain.count)) }
    for (voxel, label) in labels.values.enumerated() {
      guard let level = place[Int(label)], let piece = components.piece(at: voxel).flatMap({ number[$0] }) else {
        continue
      }
      found[piece].voxels.append(voxel)
      found[piece].names[level].add(
        row: voxel / labels.extent.width % labels.extent.height, of: labels.extent.height)
    }
    return found
  }

  private static func pitch(_ names: [Named], _ pieces: [Piece], _ usual: [Double]) -> Double? {
    let isLevel = zip(names, usual).map { $0.voxels > 0 && Double($0.voxels) >= speck * $1 }
    let byName = names.indices.dropFirst().filter { isLevel[$0] && isLevel[$0 - 1] }.map {
      abs(names[$0].centre - names[$0 - 1].centre)
    }.lowerMedian
    let byPiece = zip(pieces, pieces.dropFirst()).map { $1.centre - $0.centre }.lowerMedian
    let larger = [byName, byPiece].compactMap(\.self).max()
    return pieces.count + 1 < isLevel.count { $0 } ? byName ?? larger : larger
  }

  /// The number of voxels of the name that the middle one of all voxels bears: strays weigh little; 0 where there is none.
  private static func middle(_ voxels: [Int]) -> Double {
    let sum = voxels.reduce(0, +)
    var seen = 0
    for count in voxels.sorted() {
      seen += count
      if 2 * seen >= sum { return Double(count) }
    }
    return 0
  }

  /// Whether a piece is so small that it may be no vertebra at all.
  func isFragment(_ piece: Piece) -> Bool { Double(piece.voxels.count) < Self.fragment * piece.usualVoxels(usual) }

  /// The names in a piece that may be levels, from head to foot: no specks, but for what the image's edge cuts off.
  private func names(in piece: Piece) -> [(level: Int, name: Named)] {
    piece.names.enumerated().filter { level, name in
      name.voxels > 0 && (name.isCut || Double(name.voxels) >= Self.speck * usual[level])
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

  /// What a piece of several levels is as it is: from the first to the last of its names.
  func ownRun(of piece: Piece) -> LevelSequence.Run? {
    let levels = names(in: piece).map(\.level)
    guard let first = levels.min(), let last = levels.max() else { return nil }
    return LevelSequence.Run(first: first, count: last - first + 1)
  }
}

extension [Double] {
  fileprivate var lowerMedian: Double? { isEmpty ? nil : sorted()[(count - 1) / 2] }
}
