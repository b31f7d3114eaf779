import Compute
import Foundation
import System

/// An order of axes that was surely not meant: a size or a spacing of [W, H, D] in place of [D, H, W].
extension DatasetCensus {
  /// An image as its header has it, and as preprocessing makes it.
  struct Prepared {
    let name: String
    /// Its own slices.
    let depth: Int
    /// On the network's grid.
    let spacing: [Double]
  }

  /// What the headers alone tell of an order of axes that was not meant, for those who read no image.
  package static func axisNotices(of dataset: Dataset, _ preprocessing: Preprocessing, workers: Int) -> [String] {
    let excluded = dataset.excludedNames
    let grids = parallelMap(dataset.cases.filter { !excluded.contains($0.name) }, workers: workers) { one in
      (try? NIfTI.readGeometry(one.image)).map { geometry in
        let spacing = PreprocessingSteps(preprocessing, for: geometry).spacing(of: geometry.spacing)
        return Prepared(
          name: one.name, depth: geometry.extent.depth, spacing: [spacing.x, spacing.y, spacing.z])
      }
    }
    return axisNotices(grids.compactMap(\.self), preprocessing)
  }

  static func axisNotices(_ facts: [Prepared], _ preprocessing: Preprocessing) -> [String] {
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
    if hasExchangedPlane(facts, preprocessing), let one = facts.first {
      let field = preprocessing.spacing == nil ? "size" : "spacing"
      found.append(
        "preprocessing.\(field) makes voxels of \(rounded(one.spacing[1])) x \(rounded(one.spacing[2])) mm (H x W) in"
          + " \(one.name); \(field) is [D, H, W], head to foot before front to back")
    }
    return found
  }

  /// Whether the network's voxels are so much longer than wide, or wider than long, that height and width were exchanged.
  static func hasExchangedPlane(_ facts: [Prepared], _ preprocessing: Preprocessing) -> Bool {
    func middle(_ heightPerWidth: Double) -> Double {
      let ratios = facts.map { one in
        let ratio = one.spacing[1] / one.spacing[2] * heightPerWidth
        return max(ratio, 1 / ratio)
      }.sorted()
      return ratios[ratios.count / 2]
    }
    let size = preprocessing.size
    let (found, turned) = (middle(1), middle(pow(Double(size.height) / Double(size.width), 2)))
    return found > 3 || (preprocessing.spacing == nil && found > 1.9 && 2 * turned <= found)
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
