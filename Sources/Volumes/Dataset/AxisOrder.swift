import Compute
import Foundation
import JSON
import System

/// An order of axes that was surely not meant: a size or a spacing of [W, H, D] in place of [D, H, W].
extension DatasetCensus {
  /// An image as its header has it, and as preprocessing makes it.
  struct Prepared {
    let name: String
    /// Its own.
    let extent: Extent3
    /// On the network's grid.
    let spacing: [Double]

    var depth: Int { extent.depth }

    init(name: String, extent: Extent3, spacing: [Double]) {
      (self.name, self.extent, self.spacing) = (name, extent, spacing)
    }

    init(_ one: CaseFacts) { self.init(name: one.name, extent: one.extent, spacing: one.spacing) }
  }

  /// What the headers alone tell of an order of axes that was not meant, and of a spacing, for those who read no image.
  package static func axisNotices(of dataset: Dataset, _ preprocessing: Preprocessing, workers: Int) -> [String] {
    let excluded = dataset.excludedNames
    let known = parallelMap(dataset.cases.filter { !excluded.contains($0.name) }, workers: workers) { one in
      (try? NIfTI.readGeometry(one.image)).map { geometry in
        let spacing = PreprocessingSteps(preprocessing, for: geometry).spacing(of: geometry.spacing)
        let grid = Prepared(
          name: one.name, extent: geometry.extent, spacing: [spacing.x, spacing.y, spacing.z])
        return (grid: grid, voxel: [geometry.spacing.x, geometry.spacing.y, geometry.spacing.z])
      }
    }.compactMap(\.self)
    return axisNotices(known.map(\.grid), preprocessing) + spacingNotices(known.map(\.voxel), preprocessing)
  }

  /// - Parameter isTooFlat: whether slices are dropped that hold labelled voxels.
  static func axisNotices(
    _ facts: [Prepared], _ preprocessing: Preprocessing, isTooFlat: Bool = false
  ) -> [String] {
    guard !facts.isEmpty else { return [] }
    let size = preprocessing.size
    let (depths, plane) = (facts.map(\.depth), meantPlane(facts, preprocessing))
    let usual = usualDepth(depths)
    let slices = isTooFlat ? depths.max() ?? usual : preprocessing.advisedSlices(of: depths)
    var found: [String] = []
    if preprocessing.isTooDeep(for: usual) {
      let more =
        preprocessing.depth == .resample
        ? "so \(size.depth) would be made of \(usual)" : "so \(size.depth - usual) of \(size.depth) would be padding"
      let other = turned(size, usual: usual).map { sides in
        let most = withoutMadeUp((sides[2], sides[1]), facts.map(\.extent), preprocessing)
        return "[\(sides[0]), \(most.height), \(most.width)]"
      }
      let meant = other ?? "[\(slices), \(plane.height), \(plane.width)]"
      found.append(
        "preprocessing.size[0] is slices, left to right: the images have \(usual), \(more); size is [D, H, W], head to foot and"
          + " front to back last: write \(meant) if that is meant")
    }
    if !preprocessing.hasSlicesElsewhere(usual: usual), hasExchangedPlane(facts, preprocessing), let one = facts.first {
      let field = preprocessing.spacing == nil ? "size" : "spacing"
      let meant =
        preprocessing.spacing == nil
        ? "[\(slices), \(plane.height), \(plane.width)]" : preprocessing.spacing.flatMap(coarsestFirst)
      found.append(
        "preprocessing.\(field) makes voxels of \(one.spacing[1].shown) x \(one.spacing[2].shown) mm (H x W) in"
          + " \(one.name); \(field) is [D, H, W], head to foot before front to back"
          + (meant.map { ": write \($0) if that is meant" } ?? ""))
    }
    return found
  }

  /// Slices of the image in the middle of all.
  static func usualDepth(_ depths: [Int]) -> Int { depths.sorted()[depths.count / 2] }

  /// The same numbers by their size, of which the least are the slices that were most likely meant; nil where they may be more than
  /// one of them, or none.
  private static func turned(_ size: Extent3, usual: Int) -> [Int]? {
    let sides = [size.depth, size.height, size.width].sorted()
    return sides[0] <= 2 * usual && sides[1] > 2 * usual ? sides : nil
  }

  /// How many times as long as wide, or as wide as long, the voxels of most images are: as the size is, and with height and width
  /// exchanged.
  private static func unevenness(_ facts: [Prepared], _ size: Extent3) -> (found: Double, turned: Double) {
    func middle(_ heightPerWidth: Double) -> Double {
      let ratios = facts.map { one in
        let ratio = one.spacing[1] / one.spacing[2] * heightPerWidth
        return max(ratio, 1 / ratio)
      }.sorted()
      return ratios[ratios.count / 2]
    }
    return (middle(1), middle(pow(Double(size.height) / Double(size.width), 2)))
  }

  /// Height and width of a size as they were most likely meant: exchanged where that makes voxels as high as wide, or nearly;
  /// else as many voxels in other shares. No more of them than the images have is advised, which would be warned of next.
  static func meantPlane(_ facts: [Prepared], _ preprocessing: Preprocessing) -> (height: Int, width: Int) {
    withoutMadeUp(sharedPlane(facts, preprocessing), facts.map(\.extent), preprocessing)
  }

  private static func sharedPlane(_ facts: [Prepared], _ preprocessing: Preprocessing) -> (height: Int, width: Int) {
    let size = preprocessing.size
    guard preprocessing.spacing == nil, hasExchangedPlane(facts, preprocessing), let one = facts.first else {
      return (size.height, size.width)
    }
    let (found, turned) = unevenness(facts, size)
    if 2 * turned <= found { return (size.width, size.height) }
    let side = (one.spacing[1] * one.spacing[2]).squareRoot()
    func voxels(_ count: Int, _ spacing: Double) -> Int {
      max(Int((Double(count) * spacing / side / 16).rounded()), 1) * 16
    }
    return (voxels(size.height, one.spacing[1]), voxels(size.width, one.spacing[2]))
  }

  /// The same numbers with the coarsest first, as slices are; nil where they are so already.
  private static func coarsestFirst(_ spacing: [Double]) -> String? {
    guard let place = spacing.indices.max(by: { spacing[$0] < spacing[$1] }), spacing[place] > spacing[0] else {
      return nil
    }
    var others = spacing
    let coarsest = others.remove(at: place)
    return "[\(([coarsest] + others).map { CanonicalJSON.text($0) }.joined(separator: ", "))]"
  }

  /// Whether the network's voxels are so much longer than wide, or wider than long, that height and width were exchanged.
  static func hasExchangedPlane(_ facts: [Prepared], _ preprocessing: Preprocessing) -> Bool {
    let (found, turned) = unevenness(facts, preprocessing.size)
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
