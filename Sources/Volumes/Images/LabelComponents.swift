import Compute

/// The connected pieces of the structures of a label map: voxels of one class that touch by a face, an edge or a corner
/// (26 neighbours, as in nnU-Net's postprocessing).
package struct LabelComponents: Sendable {
  /// One piece.
  package struct Piece: Hashable, Sendable {
    package var label: UInt8
    package var voxels: Int
  }

  /// In the order of their first voxels.
  package private(set) var pieces: [Piece] = []
  private let labels: Grid3<UInt8>
  /// For each voxel its piece, counted from 1; 0 where the class is not looked at.
  private var piece: [Int32]

  /// - Parameter wanted: the classes that are taken apart.
  package init(of labels: Grid3<UInt8>, classes wanted: Set<UInt8>) {
    self.labels = labels
    piece = Array(repeating: 0, count: labels.values.count)
    var isWanted = [Bool](repeating: false, count: 256)
    for label in wanted where label != 0 { isWanted[Int(label)] = true }
    var open: [Int] = []
    for voxel in labels.values.indices where piece[voxel] == 0 && isWanted[Int(labels.values[voxel])] {
      fill(from: voxel, &open)
    }
  }

  /// The place of a voxel's piece in the list; nil where the class is not looked at.
  package func piece(at voxel: Int) -> Int? { piece[voxel] == 0 ? nil : Int(piece[voxel]) - 1 }

  private mutating func fill(from first: Int, _ open: inout [Int]) {
    let (extent, label) = (labels.extent, labels.values[first])
    let number = Int32(truncatingIfNeeded: pieces.count + 1)
    var count = 0
    open.append(first)
    piece[first] = number
    while let voxel = open.popLast() {
      count += 1
      let (w, row) = (voxel % extent.width, voxel / extent.width)
      let (h, d) = (row % extent.height, row / extent.height)
      for depth in max(d - 1, 0)...min(d + 1, extent.depth - 1) {
        for height in max(h - 1, 0)...min(h + 1, extent.height - 1) {
          for width in max(w - 1, 0)...min(w + 1, extent.width - 1) {
            let next = (depth * extent.height + height) * extent.width + width
            guard piece[next] == 0, labels.values[next] == label else { continue }
            piece[next] = number
            open.append(next)
          }
        }
      }
    }
    pieces.append(Piece(label: label, voxels: count))
  }

  /// The label map with each class's largest piece alone, of equal ones the first; the others become background.
  ///
  /// - Returns: the map, and the pieces that are gone.
  package func keepingLargest() -> (labels: Grid3<UInt8>, removed: [Piece]) {
    var best: [UInt8: Int] = [:]
    for (index, one) in pieces.enumerated() where one.voxels > best[one.label].map({ pieces[$0].voxels }) ?? 0 {
      best[one.label] = index
    }
    let isKept = pieces.indices.map { best[pieces[$0].label] == $0 }
    guard isKept.contains(false) else { return (labels, []) }
    let values = zip(labels.values, piece).map { label, number in
      number == 0 || isKept[Int(number) - 1] ? label : 0
    }
    return (Grid3(labels.extent, values: values), zip(pieces, isKept).filter { !$1 }.map(\.0))
  }
}
