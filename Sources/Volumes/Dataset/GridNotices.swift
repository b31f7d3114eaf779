import Compute
import System

/// A grid that was surely not meant: a size or a spacing of [W, H, D] in place of [D, H, W], or so coarse that structures
/// are left with few voxels.
extension DatasetCensus {
  /// An image as its header has it, and as preprocessing makes it.
  struct Prepared {
    let name: String
    /// Its own slices.
    let depth: Int
    /// On the network's grid, in millimetres along D, H and W.
    let spacing: [Double]
    /// The same of the image; nil where it is not known.
    let voxel: [Double]?
  }

  /// What the headers alone tell of it, for those who read no image.
  package static func gridNotices(of dataset: Dataset, _ preprocessing: Preprocessing, workers: Int) -> [String] {
    let excluded = dataset.excludedNames
    let grids = parallelMap(dataset.cases.filter { !excluded.contains($0.name) }, workers: workers) { one in
      (try? NIfTI.readGeometry(one.image)).map { geometry in
        let voxel = geometry.spacing
        let spacing = PreprocessingSteps(preprocessing, for: geometry).spacing(of: voxel)
        return Prepared(
          name: one.name, depth: geometry.extent.depth, spacing: [spacing.x, spacing.y, spacing.z],
          voxel: [voxel.x, voxel.y, voxel.z])
      }
    }
    return gridNotices(grids.compactMap(\.self), preprocessing)
  }

  static func gridNotices(_ facts: [Prepared], _ preprocessing: Preprocessing) -> [String] {
    guard !facts.isEmpty else { return [] }
    let size = preprocessing.size
    var found: [String] = []
    let depths = facts.map(\.depth).sorted()
    let usual = depths[depths.count / 2]
    if preprocessing.spacing == nil, preprocessing.depth == .padOrCrop, size.depth > 2 * usual {
      found.append(
        "preprocessing.size[0] is slices, left to right: the images have \(usual), so \(size.depth - usual) of"
          + " \(size.depth) would be padding; size is [D, H, W], head to foot and front to back last")
    }
    let ratios = facts.map { max($0.spacing[1], $0.spacing[2]) / min($0.spacing[1], $0.spacing[2]) }.sorted()
    if ratios[ratios.count / 2] > 3, let one = facts.first {
      let field = preprocessing.spacing == nil ? "size" : "spacing"
      found.append(
        "preprocessing.\(field) makes voxels of \(rounded(one.spacing[1])) x \(rounded(one.spacing[2])) mm (H x W) in"
          + " \(one.name); \(field) is [D, H, W], head to foot before front to back")
    }
    return found + coarseNotices(facts, preprocessing)
  }

  /// So many of an image's voxels along a side in one are surely not meant.
  private static let coarsest = 8.0

  /// Voxels so large in plane that little is left of a structure, though a share of each of its voxels is kept.
  private static func coarseNotices(_ facts: [Prepared], _ preprocessing: Preprocessing) -> [String] {
    let known = facts.compactMap { one in one.voxel.map { (name: one.name, own: one.spacing, image: $0) } }
    let coarse = known.filter { $0.own[1] > coarsest * $0.image[1] || $0.own[2] > coarsest * $0.image[2] }
    guard 2 * coarse.count > known.count, let first = coarse.first else { return [] }
    let field = preprocessing.spacing == nil ? "size" : "spacing"
    let sides = (1...2).map { rounded(first.own[$0] / first.image[$0]) }
    return [
      "preprocessing.\(field) makes one voxel of \(sides[0]) x \(sides[1]) in plane (H x W) in \(first.name),"
        + " \(rounded(first.own[1])) x \(rounded(first.own[2])) mm: structures are left with few voxels; set a"
        + (field == "size" ? " larger size" : " finer spacing")
    ]
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
