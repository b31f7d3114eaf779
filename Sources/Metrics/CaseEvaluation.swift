import Compute

/// What one predicted label map is worth against the truth: every number of one test case that a table can ask for.
///
/// Entry `i` of the arrays belongs to structure `i`, which has class index `i + 1`; the background has no entry.
package struct CaseEvaluation: Codable, Equatable, Sendable {
  /// The case's name in the dataset.
  package var name: String
  /// `2|A ∩ B| / (|A| + |B|)`; nil (not counted) where truth and prediction are both empty, 0 where only one is.
  package var dice: [Double?]
  /// Symmetric mean surface distance, mm; nil (undefined) unless truth and prediction both hold the structure.
  package var surfaceDistance: [Double?]
  /// 95th percentile of both surfaces' distances, mm; nil as above.
  package var hausdorff95: [Double?]
  /// `|A|`: how many voxels of the truth have the structure.
  package var truthVoxels: [Int]
  /// `|B|`: how many voxels of the prediction have the structure.
  package var predictedVoxels: [Int]
  /// `|A ∩ B|`: how many voxels have it in both.
  package var commonVoxels: [Int]
  /// Voxels of true class `t` that were given class `p`, at `t * classes + p`, background included.
  package var confusion: [Int]

  /// Numbers as `evaluate` makes them or a file holds them; that they belong together is not checked.
  package init(
    name: String, dice: [Double?], surfaceDistance: [Double?], hausdorff95: [Double?], truthVoxels: [Int],
    predictedVoxels: [Int], commonVoxels: [Int], confusion: [Int]
  ) {
    self.name = name
    self.dice = dice
    self.surfaceDistance = surfaceDistance
    self.hausdorff95 = hausdorff95
    self.truthVoxels = truthVoxels
    self.predictedVoxels = predictedVoxels
    self.commonVoxels = commonVoxels
    self.confusion = confusion
  }
}

extension CaseEvaluation {
  /// The mean over the structures that count in this case: the challenge's score. Nil if none counts.
  package var meanDice: Double? { mean(ofCounted: dice) }

  /// Share of all voxels whose class is right.
  package var voxelAccuracy: Double {
    let classes = truthVoxels.count + 1
    let right = (0..<classes).reduce(0) { $0 + confusion[$1 * classes + $1] }
    return Double(right) / Double(confusion.reduce(0, +))
  }

  /// The structures of the truth of which not one voxel was found. They have no surface distance, so whoever averages
  /// distances must count these beside the mean; otherwise a network improves by finding less.
  package var missedStructures: [Int] {
    truthVoxels.indices.filter { truthVoxels[$0] > 0 && predictedVoxels[$0] == 0 }
  }
}

/// Compares a predicted label map with the truth.
///
/// - Parameters:
///   - classes: number of classes with the background; both maps hold values below it.
///   - spacing: voxel sides in mm, in the grid's axis order (D, H, W).
package func evaluate(
  name: String, prediction: Grid3<UInt8>, truth: Grid3<UInt8>, classes: Int, spacing: SIMD3<Double>
) -> CaseEvaluation {
  precondition(
    prediction.extent == truth.extent, "a prediction of \(prediction.extent) for a truth of \(truth.extent)")
  let overlap = Overlap(prediction: prediction, truth: truth, classes: classes)
  let distances = (1..<classes).map { structure -> SurfaceDistances? in
    guard overlap.truth[structure] > 0, overlap.predicted[structure] > 0 else { return nil }
    return SurfaceDistances(
      of: UInt8(structure), prediction: prediction, truth: truth, in: overlap.boxes[structure], spacing: spacing)
  }
  return CaseEvaluation(
    name: name,
    dice: (1..<classes).map(overlap.dice),
    surfaceDistance: distances.map { $0?.mean },
    hausdorff95: distances.map { $0?.percentile(95) },
    truthVoxels: Array(overlap.truth.dropFirst()),
    predictedVoxels: Array(overlap.predicted.dropFirst()),
    commonVoxels: Array(overlap.common.dropFirst()),
    confusion: overlap.confusion)
}
