import Compute
import Foundation

/// nnU-Net's configuration `3d_fullres` for a dataset: spacing, patch, batch and stages of its plain U-Net, as
/// `ExperimentPlanner` of nnunetv2 2.8.1 plans them (Isensee et al. 2021).
///
/// 1. The patch begins with the volume of 256³ voxels and sides as the inverse of the spacing, none longer than the images'
///    median, padded until its halvings divide it (`NNUNetPlan`).
/// 2. While the values of its feature maps exceed 560 million for 8 GB, the side that is longest beside the images' median
///    is made shorter by its divisor, and the stages are planned anew.
/// 3. The batch is `round(2 · 560 million / values)`, at most five per cent of the dataset's voxels and at least 2.
///
/// The number of channels changes nothing. Neither 2D nor the low resolution and the cascade behind it are planned.
package struct NNUNetExperiment: Hashable, Sendable {
  /// Millimetres from voxel to voxel of the prepared images; here and below in the fingerprint's order of axes.
  package let spacing: [Double]
  /// Median sides of the images of that spacing, in voxels; halves where their number is even.
  package let medianSides: [Double]
  /// Voxels of a patch.
  package let patch: Extent3
  /// Patches of a step.
  package let batch: Int
  /// From fine to coarse.
  package let stages: [NNUNetPlan.Stage]
  /// Values of all feature maps of a patch, which nnU-Net takes for the memory.
  package let featureValues: Int

  /// The memory that nnU-Net plans for, in GB.
  package static let usualMemory = 8.0
  /// Fewer patches make no step of nnU-Net.
  package static let smallestBatch = 2

  /// Values of the feature maps that take 8 GB at a batch of 2.
  private static let reference = 560e6
  private static let referenceBatch = 2.0
  /// Of the dataset's voxels in a step.
  private static let largestShare = 0.05
  private static let firstSide = 256.0

  /// - Parameters:
  ///   - classes: with the background.
  ///   - memory: of the GPU that is planned for, in GB.
  /// - Returns: nil for slices without depth, of which nnU-Net plans none, and where not even a patch of a single voxel
  ///   along some axis fits.
  package init?(_ fingerprint: NNUNetFingerprint, classes: Int, memory: Double = Self.usualMemory) {
    spacing = fingerprint.targetSpacing
    medianSides = fingerprint.medianSides(at: spacing)
    // nnU-Net's order: the axis of the longest spacing first.
    let worst = NNUNetFingerprint.worstAxis(spacing)
    let order = [worst] + (0..<3).filter { $0 != worst }
    let (spacings, sides) = (spacing, medianSides)
    var search = PatchSearch(spacing: order.map { spacings[$0] }, median: order.map { sides[$0] }, classes: classes)
    guard search.median[0] > 1, search.plan.padded.count > 0 else { return nil }
    let reference = Self.reference * (memory / Self.usualMemory)
    while Double(search.values) > reference {
      guard search.shorten() else { return nil }
    }
    let voxels = search.median.reduce(1, *) * Double(fingerprint.extents.count)
    let fitting = (reference / Double(search.values) * Self.referenceBatch).rounded(.toNearestOrEven)
    let share = (voxels * Self.largestShare / Double(search.plan.padded.count)).rounded(.toNearestOrEven)
    batch = max(Int(min(fitting, share)), Self.smallestBatch)
    featureValues = search.values
    let places = (0..<3).map { axis in order.firstIndex(of: axis) ?? axis }
    patch = search.plan.padded.reordered(places)
    stages = search.plan.stages.map { stage in
      NNUNetPlan.Stage(
        stride: stage.stride.reordered(places), kernel: stage.kernel.reordered(places), features: stage.features)
    }
  }

  /// The first patch of the search.
  fileprivate static func firstSides(_ spacing: [Double], _ median: [Double]) -> [Double] {
    let inverse = spacing.map { 1 / $0 }
    let scale = pow(firstSide * firstSide * firstSide / inverse.reduce(1, *), 1.0 / 3)
    return zip(inverse, median).map { min(($0 * scale).rounded(.toNearestOrEven), $1) }
  }
}

/// A patch that is made smaller until it fits.
private struct PatchSearch {
  let spacing: [Double]
  let median: [Double]
  let classes: Int
  private(set) var plan: NNUNetPlan

  init(spacing: [Double], median: [Double], classes: Int) {
    (self.spacing, self.median, self.classes) = (spacing, median, classes)
    plan = Self.plan(NNUNetExperiment.firstSides(spacing, median), spacing)
  }

  /// nnU-Net's widths in three dimensions.
  private static func plan(_ sides: [Double], _ spacing: [Double]) -> NNUNetPlan {
    let widths = NNUNet()
    return NNUNetPlan(
      padding: sides, spacing: spacing, features: widths.features, mostFeatures: widths.mostFeatures)
  }

  var values: Int { plan.featureValues(classes: classes) }

  /// Takes from the side that is longest beside the median, the last of several, what the halvings of the shorter patch
  /// divide by: not of this one, so that no size is left out.
  ///
  /// - Returns: whether anything was left.
  mutating func shorten() -> Bool {
    var sides = plan.padded.sides.map(Double.init)
    let shares = zip(sides, median).map { $0 / $1 }
    let axis = (1..<3).reduce(0) { shares[$1] >= shares[$0] ? $1 : $0 }
    var shorter = sides
    shorter[axis] -= Double(plan.divisors[axis])
    sides[axis] -= Double(Self.plan(shorter, spacing).divisors[axis])
    guard sides[axis] >= 1 else { return false }
    plan = Self.plan(sides, spacing)
    return true
  }
}

extension NNUNetPlan {
  /// How often each axis is halved, as powers of 2.
  fileprivate var divisors: [Int] {
    (0..<3).map { axis in stages.reduce(1) { $0 * $1.stride.sides[axis] } }
  }

  /// Values of all feature maps of a padded image: of the convolutions, two in every stage down and up, of the transposed
  /// ones, and of the finest head (`compute_conv_feature_map_size` of `PlainConvUNet` without deep supervision).
  fileprivate func featureValues(classes: Int) -> Int {
    var (sides, values) = (padded.sides, 0)
    for (index, stage) in stages.enumerated() {
      sides = zip(sides, stage.stride.sides).map { $0 / $1 }
      let voxels = sides.reduce(1, *)
      let isLowest = index == stages.count - 1
      values += voxels * stage.features * (isLowest ? 2 : 5)
      if index == 0, !isLowest { values += voxels * classes }
    }
    return values
  }
}

extension Extent3 {
  fileprivate var sides: [Int] { [depth, height, width] }

  fileprivate func reordered(_ places: [Int]) -> Extent3 {
    Extent3(sides[places[0]], sides[places[1]], sides[places[2]])
  }
}
