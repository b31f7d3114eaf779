import Compute
import Models
import Networks

/// Whether a network can be made for a size: what experiments are refused for, and a network that is measured alone.
extension ModelConfiguration {
  /// What a size and the network's strides have against each other; nil: they go together.
  package func conflict(at size: Extent3) -> Conflict? {
    let least = leastSize
    guard size.depth >= least.depth, size.height >= least.height, size.width >= least.width else {
      return .sizeTooSmall(size, least: least, model: kind)
    }
    let suitable = problems.isEmpty ? suitable(size) : size
    return suitable == size ? nil : .sizeDoesNotDivide(size, suitable: suitable, model: kind)
  }

  /// Voxels of a step beyond which kernels cannot count what they plan.
  private static let mostVoxels = 1 << 31

  /// What keeps it from training on batches of so many cases of a size; nil: nothing.
  ///
  /// - Precondition: it has no problems, and no conflict at the size.
  package func conflict(at size: Extent3, batches: [Int]) -> Conflict? {
    let (most, least) = (batches.max() ?? 1, batches.min() ?? 1)
    if most * size.count > Self.mostVoxels { return .tooManyVoxels(size, batch: most, most: Self.mostVoxels) }
    return layerOfOneValue(at: size, batch: least).map { .singleValue(layer: $0, size: size, batch: least) }
  }

  /// The first layer whose batch normalisation would have a single value for each channel, whose variance is no number.
  func layerOfOneValue(at size: Extent3, batch: Int) -> String? {
    let graph = graph(batch: batch, extent: size, classes: 2)
    return graph.entries.first { entry in
      entry.operation is BatchNormalization && entry.shape.voxels == 1
    }?.name.path
  }
}

extension Conflict {
  /// Where the smallest side stands last and is no side of an image: that slices come first.
  static func otherOrder(_ size: Extent3, _ least: Extent3) -> String {
    var sides = [size.depth, size.height, size.width]
    guard let slices = sides.indices.dropFirst().min(by: { sides[$0] < sides[$1] }), sides[slices] < sides[0],
      sides[slices] < (slices == 1 ? least.height : least.width)
    else { return "" }
    let few = sides.remove(at: slices)
    // The other two are height and width: of some tens, and not far from each other.
    guard let low = sides.min(), let high = sides.max(), few < low / 2, high <= 4 * low, low >= least.height,
      low >= least.width
    else { return "" }
    return ". It stands for [D, H, W], slices first: [\(few), \(sides[0]), \(sides[1])] where images have \(few) slices"
  }
}
