import Compute

/// How far the surfaces of a predicted and a true structure lie apart, every surface element counting by its area.
///
/// Voxels of 0.35 x 0.35 x 4.4 mm make counting surface voxels a matter of direction: a slice's rim has many, its flat
/// side few. Elements, distances and percentiles are those of DeepMind's `surface-distance` (Nikolov et al.,
/// *Clinically applicable segmentation of head and neck anatomy*, 2021).
package struct SurfaceScores: Sendable, Equatable {
  /// Distances in mm from one surface's elements to the other surface, ascending, and the elements' areas in mm².
  package struct Direction: Sendable, Equatable {
    package let distances: [Double]
    package let areas: [Double]
    package let area: Double

    init(_ elements: [(distance: Double, area: Double)]) {
      let sorted = elements.sorted { ($0.distance, $0.area) < ($1.distance, $1.area) }
      distances = sorted.map(\.distance)
      areas = sorted.map(\.area)
      area = areas.reduce(0, +)
    }

    /// `sum of distance * area`, mm³.
    var moment: Double { zip(distances, areas).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The smallest distance that at least `percent` of the area does not exceed, mm.
    func percentile(_ percent: Double) -> Double {
      var sum = 0.0
      for (distance, area) in zip(distances, areas) {
        sum += area
        if sum / self.area >= percent / 100 { return distance }
      }
      return distances[distances.count - 1]
    }

    /// Area, mm², that lies at most `tolerance` mm away.
    func area(within tolerance: Double) -> Double {
      zip(distances, areas).reduce(0) { $1.0 <= tolerance ? $0 + $1.1 : $0 }
    }
  }

  /// From the truth's elements to the predicted surface.
  package let fromTruth: Direction
  /// From the prediction's elements to the true surface.
  package let fromPrediction: Direction

  /// - Parameters:
  ///   - box: holds the structure in both maps; nothing outside it matters.
  ///   - spacing: voxel sides in mm, D, H, W.
  ///   - areas: for the same spacing.
  /// - Precondition: both maps hold the structure.
  package init(
    of structure: UInt8, prediction: Grid3<UInt8>, truth: Grid3<UInt8>, in box: VoxelBox, spacing: SIMD3<Double>,
    areas: SurfaceElementAreas
  ) {
    let predicted = CornerPatterns(of: structure, in: prediction, box: box)
    let actual = CornerPatterns(of: structure, in: truth, box: box)
    fromTruth = Self.direction(from: actual, to: predicted, spacing, areas)
    fromPrediction = Self.direction(from: predicted, to: actual, spacing, areas)
  }

  private static func direction(
    from: CornerPatterns, to: CornerPatterns, _ spacing: SIMD3<Double>, _ areas: SurfaceElementAreas
  ) -> Direction {
    let squared = squaredDistances(to: to.surface, spacing: spacing)
    return Direction(
      from.patterns.values.indices.lazy.filter { from.patterns.values[$0] != 0 && from.patterns.values[$0] != 255 }
        .map { (squared.values[$0].squareRoot(), areas[from.patterns.values[$0]]) })
  }

  /// Average symmetric surface distance, mm: the mean over the area of both surfaces.
  package var average: Double {
    (fromTruth.moment + fromPrediction.moment) / (fromTruth.area + fromPrediction.area)
  }

  /// The larger of both directions' percentiles, mm; 95 gives HD95 and 100 the Hausdorff distance.
  package func hausdorff(_ percent: Double) -> Double {
    max(fromTruth.percentile(percent), fromPrediction.percentile(percent))
  }

  /// Normalised surface Dice, 0 to 1: the share of both surfaces' area that lies within `tolerance` mm of the other.
  package func normalizedDice(tolerance: Double) -> Double {
    (fromTruth.area(within: tolerance) + fromPrediction.area(within: tolerance))
      / (fromTruth.area + fromPrediction.area)
  }
}
