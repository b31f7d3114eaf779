import Compute

extension CaseEvaluation {
  /// Whether these can be the scores of a label map, as far as it tells by itself: how many voxels each structure has, and
  /// where their centres lie. A map that was edited, or another case's, is not the one that was scored.
  ///
  /// - Parameters:
  ///   - prediction: in classes.
  ///   - spacing: as the map's header has it, which holds single precision.
  package func canBe(of prediction: Grid3<UInt8>, spacing: SIMD3<Double>) -> Bool {
    let classes = truthVoxels.count + 1
    var counts = Array(repeating: 0, count: 256)
    for value in prediction.values { counts[Int(value)] += 1 }
    let found = Array(counts[1..<classes])
    let unscored = prediction.values.count - confusion.reduce(0, +)
    guard unscored >= 0, counts.dropFirst(classes).allSatisfy({ $0 == 0 }) else { return false }
    // What lies where the truth is not known was not counted.
    guard unscored == 0 else { return zip(found, predictedVoxels).allSatisfy { $0 >= $1 } }
    guard found == predictedVoxels else { return false }
    return predictedCentroids.isEmpty
      || zip(centroids(of: prediction, classes: classes, spacing: spacing), predictedCentroids).allSatisfy(Self.agree)
  }

  /// The same, by every pair of classes.
  ///
  /// - Parameter classes: with the background; the truth holds values below it and `ignoredLabel`.
  package func isOf(
    _ prediction: Grid3<UInt8>, truth: Grid3<UInt8>, classes: Int, spacing: SIMD3<Double>
  ) -> Bool {
    classes == truthVoxels.count + 1 && canBe(of: prediction, spacing: spacing)
      && Overlap(prediction: prediction, truth: truth, classes: classes).confusion == confusion
  }

  private static func agree(_ one: SIMD3<Double>?, _ other: SIMD3<Double>?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    let gap = one - other
    return (gap * gap).sum() <= 1e-10 * (1 + (one * one).sum())
  }
}
