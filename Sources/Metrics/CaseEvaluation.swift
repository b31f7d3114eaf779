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
  /// Area-weighted surface scores; nil in evaluations of programs that had none.
  package var elements: SurfaceElementScores?
  /// Centres of mass in mm from the grid's first voxel along D, H, W, nil for an absent structure; empty in evaluations
  /// of programs that kept none.
  package var truthCentroids: [SIMD3<Double>?]
  /// The same of the prediction.
  package var predictedCentroids: [SIMD3<Double>?]

  /// Numbers as `evaluate` makes them or a file holds them; that they belong together is not checked.
  package init(
    name: String, dice: [Double?], surfaceDistance: [Double?], hausdorff95: [Double?], truthVoxels: [Int],
    predictedVoxels: [Int], commonVoxels: [Int], confusion: [Int], elements: SurfaceElementScores? = nil,
    truthCentroids: [SIMD3<Double>?] = [], predictedCentroids: [SIMD3<Double>?] = []
  ) {
    self.name = name
    self.dice = dice
    self.surfaceDistance = surfaceDistance
    self.hausdorff95 = hausdorff95
    self.truthVoxels = truthVoxels
    self.predictedVoxels = predictedVoxels
    self.commonVoxels = commonVoxels
    self.confusion = confusion
    self.elements = elements
    self.truthCentroids = truthCentroids
    self.predictedCentroids = predictedCentroids
  }
}

/// Surface scores in which every surface element counts by its area (`SurfaceScores`), by structure.
package struct SurfaceElementScores: Codable, Equatable, Sendable {
  /// Average symmetric surface distance (ASSD), mm; nil unless truth and prediction both hold the structure.
  package var average: [Double?]
  /// The larger of both directions' 95th percentiles, mm; nil as above.
  package var hausdorff95: [Double?]
  /// Hausdorff distance, mm; nil as above.
  package var hausdorff: [Double?]
  /// mm, one for each row of `normalizedDice`.
  package var tolerances: [Double]
  /// Normalised surface Dice (NSD), 0 to 1, by tolerance and structure; nil where truth and prediction are both empty, 0
  /// where only one is.
  package var normalizedDice: [[Double?]]

  package init(
    average: [Double?], hausdorff95: [Double?], hausdorff: [Double?], tolerances: [Double], normalizedDice: [[Double?]]
  ) {
    (self.average, self.hausdorff95, self.hausdorff) = (average, hausdorff95, hausdorff)
    (self.tolerances, self.normalizedDice) = (tolerances, normalizedDice)
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

  /// `|A ∩ B| / |A ∪ B|` by structure; nil where both are empty.
  package var intersectionOverUnion: [Double?] {
    ratio(commonVoxels, truthVoxels.indices.map { truthVoxels[$0] + predictedVoxels[$0] - commonVoxels[$0] })
  }

  /// Share of the predicted voxels that are right; nil where none is predicted.
  package var precision: [Double?] { ratio(commonVoxels, predictedVoxels) }

  /// Share of the true voxels that are found (sensitivity); nil where there are none.
  package var recall: [Double?] { ratio(commonVoxels, truthVoxels) }

  /// `(predicted − true) / true` volume; nil where the truth is empty.
  package var volumeError: [Double?] {
    ratio(truthVoxels.indices.map { predictedVoxels[$0] - truthVoxels[$0] }, truthVoxels)
  }

  private func ratio(_ parts: [Int], _ wholes: [Int]) -> [Double?] {
    zip(parts, wholes).map { $1 == 0 ? nil : Double($0) / Double($1) }
  }

  /// The structures as objects, whatever they are called.
  package var instances: InstanceScores { InstanceScores(confusion: confusion, classes: truthVoxels.count + 1) }

  /// Whether the levels are named rightly; nil where the structures are no levels, or no centroids were kept.
  package func levels(of spine: SpineLevels) -> LevelScores? {
    guard !spine.isEmpty, truthCentroids.count == truthVoxels.count else { return nil }
    return LevelScores(
      spine, confusion: confusion, classes: truthVoxels.count + 1, truthCentroids: truthCentroids,
      predictedCentroids: predictedCentroids)
  }

  /// The structures of the truth of which not one voxel was found. They have no surface distance, so whoever averages
  /// distances must count these beside the mean; otherwise a network improves by finding less.
  package var missedStructures: [Int] {
    truthVoxels.indices.filter { truthVoxels[$0] > 0 && predictedVoxels[$0] == 0 }
  }
}

/// Compares a predicted label map with the truth. Voxels of the truth that are `ignoredLabel` count nowhere: for overlaps
/// they are not there, and for surfaces and centroids both maps are background in them.
///
/// - Parameters:
///   - classes: number of classes with the background; both maps hold values below it.
///   - spacing: voxel sides in mm, in the grid's axis order (D, H, W).
///   - tolerances: of the normalised surface Dice, mm.
package func evaluate(
  name: String, prediction: Grid3<UInt8>, truth: Grid3<UInt8>, classes: Int, spacing: SIMD3<Double>,
  tolerances: [Double] = [1, 2]
) -> CaseEvaluation {
  precondition(
    prediction.extent == truth.extent, "a prediction of \(prediction.extent) for a truth of \(truth.extent)")
  let known = knownParts(prediction, truth, classes: classes)
  return evaluate(
    Overlap(prediction: prediction, truth: truth, classes: classes), name: name, prediction: known.prediction,
    truth: known.truth, spacing: spacing, tolerances: tolerances)
}

/// Normalised surface Dice alone, by tolerance and structure, as `evaluate` makes it.
package func normalizedSurfaceDice(
  prediction: Grid3<UInt8>, truth: Grid3<UInt8>, classes: Int, spacing: SIMD3<Double>, tolerances: [Double]
) -> [[Double?]] {
  let overlap = Overlap(prediction: prediction, truth: truth, classes: classes)
  let (predicted, known) = knownParts(prediction, truth, classes: classes)
  let scores = surfaceScores(overlap, prediction: predicted, truth: known, spacing: spacing)
  return SurfaceElementScores(scores, overlap, tolerances: tolerances).normalizedDice
}

/// Both maps, background where the truth is not known.
private func knownParts(
  _ prediction: Grid3<UInt8>, _ truth: Grid3<UInt8>, classes: Int
) -> (prediction: Grid3<UInt8>, truth: Grid3<UInt8>) {
  guard classes <= Int(ignoredLabel), truth.values.contains(ignoredLabel) else { return (prediction, truth) }
  var (predicted, known) = (prediction, truth)
  for index in truth.values.indices where truth.values[index] == ignoredLabel {
    (known.values[index], predicted.values[index]) = (0, 0)
  }
  return (predicted, known)
}

private func surfaceScores(
  _ overlap: Overlap, prediction: Grid3<UInt8>, truth: Grid3<UInt8>, spacing: SIMD3<Double>
) -> [SurfaceScores?] {
  let areas = SurfaceElementAreas(spacing: spacing)
  return (1..<overlap.classes).map { structure in
    guard overlap.truth[structure] > 0 && overlap.predicted[structure] > 0 else { return nil }
    return SurfaceScores(
      of: UInt8(structure), prediction: prediction, truth: truth, in: overlap.boxes[structure], spacing: spacing,
      areas: areas)
  }
}

/// - Parameter overlap: of both maps, ignored voxels left out.
private func evaluate(
  _ overlap: Overlap, name: String, prediction: Grid3<UInt8>, truth: Grid3<UInt8>, spacing: SIMD3<Double>,
  tolerances: [Double]
) -> CaseEvaluation {
  let classes = overlap.classes
  let distances = (1..<classes).map { structure -> SurfaceDistances? in
    guard overlap.truth[structure] > 0 && overlap.predicted[structure] > 0 else { return nil }
    return SurfaceDistances(
      of: UInt8(structure), prediction: prediction, truth: truth, in: overlap.boxes[structure], spacing: spacing)
  }
  let scores = surfaceScores(overlap, prediction: prediction, truth: truth, spacing: spacing)
  return CaseEvaluation(
    name: name,
    dice: (1..<classes).map(overlap.dice),
    surfaceDistance: distances.map { $0?.mean },
    hausdorff95: distances.map { $0?.percentile(95) },
    truthVoxels: Array(overlap.truth.dropFirst()),
    predictedVoxels: Array(overlap.predicted.dropFirst()),
    commonVoxels: Array(overlap.common.dropFirst()),
    confusion: overlap.confusion,
    elements: SurfaceElementScores(scores, overlap, tolerances: tolerances),
    truthCentroids: centroids(of: truth, classes: classes, spacing: spacing),
    predictedCentroids: centroids(of: prediction, classes: classes, spacing: spacing))
}

extension SurfaceElementScores {
  fileprivate init(_ scores: [SurfaceScores?], _ overlap: Overlap, tolerances: [Double]) {
    self.init(
      average: scores.map { $0?.average }, hausdorff95: scores.map { $0?.hausdorff(95) },
      hausdorff: scores.map { $0?.hausdorff(100) }, tolerances: tolerances,
      normalizedDice: tolerances.map { tolerance in
        scores.enumerated().map { index, score in
          let isInNeither = overlap.truth[index + 1] + overlap.predicted[index + 1] == 0
          return isInNeither ? nil : score?.normalizedDice(tolerance: tolerance) ?? 0
        }
      })
  }
}

/// Centres of mass of classes 1 on, in mm from the first voxel's centre along D, H, W.
func centroids(of labels: Grid3<UInt8>, classes: Int, spacing: SIMD3<Double>) -> [SIMD3<Double>?] {
  // Whole numbers: the sum of millions of voxels has no rounding.
  var (sums, counts) = (Array(repeating: SIMD3<Int>(), count: classes), Array(repeating: 0, count: classes))
  let extent = labels.extent
  for d in 0..<extent.depth {
    for h in 0..<extent.height {
      for w in 0..<extent.width {
        let label = Int(labels[d, h, w])
        guard label != 0 else { continue }
        sums[label] &+= SIMD3(d, h, w)
        counts[label] += 1
      }
    }
  }
  return (1..<classes).map { counts[$0] == 0 ? nil : SIMD3<Double>(sums[$0]) * spacing / Double(counts[$0]) }
}
