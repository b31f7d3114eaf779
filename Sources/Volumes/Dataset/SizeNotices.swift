import Compute

/// A `preprocessing.size` that does not suit the images.
extension DatasetCensus {
  static func sizeNotices(
    _ facts: [CaseFacts], _ preprocessing: Preprocessing, _ structures: [Structure] = []
  ) -> [String] {
    guard !facts.isEmpty else { return [] }
    let grids = facts.map(Prepared.init)
    // As what drops slices is told: their number is advised there.
    let isTooFlat = areCut(structures) && facts.contains { one in one.structures.contains { $0.sliced > 0 } }
    let axes =
      axisNotices(grids, preprocessing, isTooFlat: isTooFlat)
      + spacingNotices(facts.compactMap(\.voxel), preprocessing)
    // Where slices or height and width stand in each other's place, one is larger than the images' for that reason.
    guard preprocessing.spacing == nil, !preprocessing.hasSlicesElsewhere(of: grids.map(\.depth)),
      !hasExchangedPlane(grids, preprocessing)
    else { return axes }
    let large = largeNotices(facts, preprocessing)
    return axes + (large.isEmpty ? planeNotices(facts, preprocessing) : large)
  }

  /// A size of so many times the largest image makes up more than it shows.
  private static let large = 1.9

  /// What preprocessing leaves of an image's width.
  private static func kept(_ width: Int, _ preprocessing: Preprocessing) -> Int {
    preprocessing.crop == .none ? width : max(width / 2, 1)
  }

  /// A height and width without what is made up between the voxels of every image; none is smaller than need be.
  static func withoutMadeUp(
    _ plane: (height: Int, width: Int), _ images: [Extent3], _ preprocessing: Preprocessing
  ) -> (height: Int, width: Int) {
    func most(_ side: Int, _ own: Int) -> Int { Double(side) >= large * Double(own) ? min(side, rounded(own)) : side }
    return (
      most(plane.height, images.map(\.height).max() ?? 1),
      most(plane.width, kept(images.map(\.width).max() ?? 1, preprocessing))
    )
  }

  /// A size about twice as large as every image, or more.
  private static func largeNotices(_ facts: [CaseFacts], _ preprocessing: Preprocessing) -> [String] {
    let size = preprocessing.size
    let height = facts.map(\.extent.height).max() ?? 1
    let width = kept(facts.map(\.extent.width).max() ?? 1, preprocessing)
    let most = withoutMadeUp((size.height, size.width), facts.map(\.extent), preprocessing)
    let (high, wide) = (size.height > most.height, size.width > most.width)
    guard high || wide else { return [] }
    let sides = [high ? "height" : nil, wide ? "width" : nil].compactMap(\.self).joined(separator: " and ")
    let crop = preprocessing.crop == .none ? "" : ", of whose width the middle half is kept"
    return [
      "preprocessing.size makes \(size.height) x \(size.width) voxels in plane (H x W), and the largest image has \(height) x"
        + " \(facts.map(\.extent.width).max() ?? 1)\(crop): most of the \(sides) is made up between its voxels, at the cost of time"
        + " and memory; [\(preprocessing.advisedSlices(of: facts.map(\.extent.depth))), \(rounded(height)), \(rounded(width))] keeps"
        + " all that is there"
    ]
  }

  /// To a number that networks halve four times.
  private static func rounded(_ side: Int) -> Int { (side + 15) / 16 * 16 }

  /// Some images of so few voxels in plane that most of what a network sees of them is made up between them.
  private static func planeNotices(_ facts: [CaseFacts], _ preprocessing: Preprocessing) -> [String] {
    let size = preprocessing.size
    let small = facts.filter {
      3 * $0.extent.height < size.height || 3 * kept($0.extent.width, preprocessing) < size.width
    }
    guard let first = small.first else { return [] }
    let list = DatasetNotice.shortList(small.map(\.name), of: "images")
    return [
      "\(list): size makes more than three voxels of one in plane (\(first.name) has \(first.extent.height) x"
        + " \(first.extent.width), H x W); are these whole images? Set a smaller preprocessing.size, or leave them out by"
        + " dataset.exclude"
    ]
  }
}
