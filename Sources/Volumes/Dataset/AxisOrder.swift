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

  /// What the headers alone tell of an order of axes that was not meant, and of a spacing, for those who read no image.
  package static func axisNotices(of dataset: Dataset, _ preprocessing: Preprocessing, workers: Int) -> [String] {
    let excluded = dataset.excludedNames
    let known = parallelMap(dataset.cases.filter { !excluded.contains($0.name) }, workers: workers) { one in
      (try? NIfTI.readGeometry(one.image)).map { geometry in
        let spacing = PreprocessingSteps(preprocessing, for: geometry).spacing(of: geometry.spacing)
        let grid = Prepared(
          name: one.name, depth: geometry.extent.depth, spacing: [spacing.x, spacing.y, spacing.z])
        return (grid: grid, voxel: [geometry.spacing.x, geometry.spacing.y, geometry.spacing.z])
      }
    }.compactMap(\.self)
    return axisNotices(known.map(\.grid), preprocessing) + spacingNotices(known.map(\.voxel), preprocessing)
  }

  static func axisNotices(_ facts: [Prepared], _ preprocessing: Preprocessing) -> [String] {
    guard !facts.isEmpty else { return [] }
    let size = preprocessing.size
    let usual = usualDepth(facts.map(\.depth))
    var found: [String] = []
    if preprocessing.isTooDeep(for: usual) {
      let more =
        preprocessing.depth == .resample
        ? "so \(size.depth) would be made of \(usual)" : "so \(size.depth - usual) of \(size.depth) would be padding"
      let slices = preprocessing.advisedSlices(of: facts.map(\.depth))
      let meant = turned(size, usual: usual) ?? "[\(slices), \(size.height), \(size.width)]"
      found.append(
        "preprocessing.size[0] is slices, left to right: the images have \(usual), \(more); size is [D, H, W], head to foot and"
          + " front to back last: write \(meant) if that is meant")
    }
    if !preprocessing.hasSlicesElsewhere(usual: usual), hasExchangedPlane(facts, preprocessing), let one = facts.first {
      let field = preprocessing.spacing == nil ? "size" : "spacing"
      found.append(
        "preprocessing.\(field) makes voxels of \(one.spacing[1].shown) x \(one.spacing[2].shown) mm (H x W) in"
          + " \(one.name); \(field) is [D, H, W], head to foot before front to back")
    }
    return found
  }

  /// Slices of the image in the middle of all.
  static func usualDepth(_ depths: [Int]) -> Int { depths.sorted()[depths.count / 2] }

  /// The same numbers in the order that was most likely meant; nil where slices may be more than one of them, or none.
  private static func turned(_ size: Extent3, usual: Int) -> String? {
    let sides = [size.depth, size.height, size.width].sorted()
    return sides[0] <= 2 * usual && sides[1] > 2 * usual ? "[\(sides[0]), \(sides[2]), \(sides[1])]" : nil
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
}

extension Preprocessing {
  /// Whether size asks for more than twice the slices that images have: most of them would be empty, or made up.
  fileprivate func isTooDeep(for usual: Int) -> Bool { spacing == nil && size.depth > 2 * usual }

  /// Whether it does so because height or width stands in the place of slices: what else would be said of such a size
  /// follows from that.
  func hasSlicesElsewhere(usual: Int) -> Bool {
    isTooDeep(for: usual) && min(size.height, size.width) <= 2 * usual
  }

  /// The slices of a size that suits images of these depths, of which there is one at least: its own, unless they are far more
  /// than the images have.
  package func advisedSlices(of depths: [Int]) -> Int {
    let usual = DatasetCensus.usualDepth(depths)
    guard isTooDeep(for: usual) else { return size.depth }
    return depth == .resample ? usual : min(depths.max() ?? usual, 2 * usual)
  }

  /// The same of images of these depths; there is one at least.
  package func hasSlicesElsewhere(of depths: [Int]) -> Bool {
    hasSlicesElsewhere(usual: DatasetCensus.usualDepth(depths))
  }
}
