import Compute

/// Voxel counts of two label maps, from one pass over both.
package struct Overlap: Sendable {
  /// Number of classes with the background.
  package let classes: Int
  /// Truth-major: voxels of true class `t` and predicted class `p` at `t * classes + p`.
  package private(set) var confusion: [Int]
  /// The smallest box that holds each class in both maps.
  package private(set) var boxes: [VoxelBox]

  /// Counts every voxel once, but for those of which the truth is not known (`ignoredLabel`).
  ///
  /// - Precondition: 1 (maps without a structure) to 256 classes, maps of one extent, and no other label that is not below `classes`.
  package init(prediction: Grid3<UInt8>, truth: Grid3<UInt8>, classes: Int) {
    precondition((1...256).contains(classes), "label maps of bytes hold 1 to 256 classes, not \(classes)")
    self.classes = classes
    confusion = Array(repeating: 0, count: classes * classes)
    boxes = Array(repeating: VoxelBox(), count: classes)
    let extent = truth.extent
    for d in 0..<extent.depth {
      for h in 0..<extent.height {
        countRow(d, h, prediction: prediction, truth: truth)
      }
    }
  }

  private mutating func countRow(_ d: Int, _ h: Int, prediction: Grid3<UInt8>, truth: Grid3<UInt8>) {
    let width = truth.extent.width
    let start = (d * truth.extent.height + h) * width
    for w in 0..<width {
      let (t, p) = (Int(truth.values[start + w]), Int(prediction.values[start + w]))
      if t == Int(ignoredLabel) && t >= classes { continue }
      precondition(t < classes && p < classes, "labels \(t) (truth), \(p) (prediction) among \(classes) classes")
      confusion[t * classes + p] += 1
      if t != 0 { boxes[t].include(d, h, w) }
      if p != t && p != 0 { boxes[p].include(d, h, w) }
    }
  }

  /// How many voxels of the truth have each class, the background first.
  package var truth: [Int] { (0..<classes).map { t in (0..<classes).reduce(0) { $0 + confusion[t * classes + $1] } } }
  /// How many voxels of the prediction have each class, the background first.
  package var predicted: [Int] {
    (0..<classes).map { p in (0..<classes).reduce(0) { $0 + confusion[$1 * classes + p] } }
  }
  /// How many voxels have each class in both maps, the background first.
  package var common: [Int] { (0..<classes).map { confusion[$0 * classes + $0] } }

  /// `2|A ∩ B| / (|A| + |B|)` of one class, or nil where neither map holds it.
  package func dice(_ index: Int) -> Double? {
    let size = truth[index] + predicted[index]
    return size == 0 ? nil : 2 * Double(common[index]) / Double(size)
  }
}

/// A box of voxels with sides along the axes; empty until a voxel is included. The background's is never filled.
package struct VoxelBox: Equatable, Sendable {
  package private(set) var lower = SIMD3<Int>(repeating: .max)
  package private(set) var upper = SIMD3<Int>(repeating: -1)

  /// The empty box, which holds no voxel.
  package init() {}

  /// Grows the box by as much as voxel (d, h, w) needs.
  package mutating func include(_ d: Int, _ h: Int, _ w: Int) {
    let voxel = SIMD3(d, h, w)
    lower = pointwiseMin(lower, voxel)
    upper = pointwiseMax(upper, voxel)
  }

  /// Depth, height and width of the box in voxels.
  ///
  /// - Precondition: at least one voxel is included.
  package var extent: Extent3 {
    precondition(upper.x >= 0, "an empty box has no extent")
    let sides = upper &- lower &+ 1
    return Extent3(sides.x, sides.y, sides.z)
  }
}
