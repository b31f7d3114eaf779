import Compute

/// The distances, in mm, from every surface voxel of a predicted structure to the nearest surface voxel of the true
/// one, and the other way round.
///
/// A surface voxel belongs to the structure and shares a face with a voxel that does not; what lies outside the volume
/// does not belong to any structure. Distances run between voxel centres.
package struct SurfaceDistances: Sendable {
  /// The distances of both directions together, in mm, ascending.
  package let sorted: [Double]

  /// Measures one structure, inside the box that holds it.
  ///
  /// - Parameters:
  ///   - structure: its class index.
  ///   - box: holds the structure in both maps. Nothing outside it matters, which makes small structures cheap.
  ///   - spacing: voxel sides in mm, in the grid's axis order (D, H, W).
  /// - Precondition: both maps hold the structure.
  package init(
    of structure: UInt8, prediction: Grid3<UInt8>, truth: Grid3<UInt8>, in box: VoxelBox, spacing: SIMD3<Double>
  ) {
    let predicted = surface(of: cropped(prediction, to: box, where: structure))
    let actual = surface(of: cropped(truth, to: box, where: structure))
    let distances =
      Self.distances(from: predicted, to: actual, spacing) + Self.distances(from: actual, to: predicted, spacing)
    precondition(distances.allSatisfy { $0 < .infinity }, "structure \(structure) is missing in one of the maps")
    sorted = distances.sorted()
  }

  private static func distances(from: Grid3<Bool>, to: Grid3<Bool>, _ spacing: SIMD3<Double>) -> [Double] {
    let squared = squaredDistances(to: to, spacing: spacing)
    return from.values.indices.lazy.filter { from.values[$0] }.map { squared.values[$0].squareRoot() }
  }

  /// Symmetric mean surface distance: the mean over the surface voxels of both structures.
  package var mean: Double { sorted.reduce(0, +) / Double(sorted.count) }

  /// The distance in mm below which `percent` of both surfaces' voxels lie, linear between closest ranks as NumPy's
  /// default; 95 gives HD95.
  package func percentile(_ percent: Double) -> Double {
    Metrics.percentile(percent, ofSorted: sorted)
  }
}

/// Where the labels inside the box equal one class.
private func cropped(_ labels: Grid3<UInt8>, to box: VoxelBox, where label: UInt8) -> Grid3<Bool> {
  let extent = box.extent
  var mask = Grid3(extent, repeating: false)
  for d in 0..<extent.depth {
    for h in 0..<extent.height {
      for w in 0..<extent.width {
        mask[d, h, w] = labels[d + box.lower.x, h + box.lower.y, w + box.lower.z] == label
      }
    }
  }
  return mask
}

/// The voxels of the mask that share a face with a voxel outside it, or with the outside of the grid.
package func surface(of mask: Grid3<Bool>) -> Grid3<Bool> {
  let extent = mask.extent
  var result = Grid3(extent, repeating: false)
  for d in 0..<extent.depth {
    for h in 0..<extent.height {
      for w in 0..<extent.width where mask[d, h, w] {
        let atBorder =
          d == 0 || h == 0 || w == 0 || d == extent.depth - 1 || h == extent.height - 1 || w == extent.width - 1
        result[d, h, w] =
          atBorder || !mask[d - 1, h, w] || !mask[d + 1, h, w] || !mask[d, h - 1, w] || !mask[d, h + 1, w]
          || !mask[d, h, w - 1] || !mask[d, h, w + 1]
      }
    }
  }
  return result
}
