import Compute

/// What is known of a prepared case besides its voxels, and of what was left of its image and mask.
package struct CaseFacts: Codable, Hashable, Sendable {
  package var name: String
  /// For each structure without background: has it a voxel on the network's grid?
  package var present: [Bool]
  /// Millimetres between voxel centres of the network's grid, along D, H, W.
  package var spacing: [Double]
  /// SHA-256 of the prepared image: equal for two files that hold the same picture.
  package var imageDigest: String
  /// The hashes of the files it was prepared from, as `DatasetContents` gives them.
  package var source: String
  /// Of the image, before anything was cropped.
  package var extent: Extent3
  /// For each structure without background.
  package var structures: [StructureVoxels]
  /// The image's smallest and largest value.
  package var lowest: Double
  package var highest: Double
  /// Whether a few extreme values leave nothing to be seen of the rest.
  package var isBlank: Bool
  /// Voxels of the mask by their number, of numbers that are left out or ignored; nil where there are none, and in caches
  /// of programs that did not count them.
  package var apart: [Int: Int]?
  /// The same of the numbers of structures that have several; nil where no structure has, and in caches of programs that did not
  /// count them.
  package var merged: [Int: Int]?
  /// For each structure, where its centre lies along D, H and W of the image, as shares of the sides; empty where the mask
  /// has none of it. Nil in caches of programs that did not look.
  package var centres: [[Double]]?
  /// Of the network's grid, where each image has its own; nil where `size` says it.
  package var grid: Extent3?
  /// SHA-256 of the mask's classes on the image's own grid; nil in caches of programs that did not look.
  package var maskDigest: String?
  /// Whether the image holds a few whole numbers only, as a mask does; nil: no, or nobody looked.
  package var isLikeMask: Bool?
  /// Whether two of its channels are one picture; nil: no, or nobody looked.
  package var hasTwinChannels: Bool?
  /// Millimetres between voxel centres of the image along D, H, W; nil in caches of programs that did not look.
  package var voxel: [Double]?
  /// To which side the image's values lean, as `ChannelFacts` says it; nil in caches of programs that did not look.
  package var skew: Double?
  /// How uneven the image is within structures: the root of the mean of their variances, as a share of the whole image's
  /// standard deviation. A mask that lies beside what it is of has more. Nil in caches of programs that did not look.
  package var unevenness: Double?
  /// The same with the mask mirrored along D, H and W, where that is known.
  package var mirroredUnevenness: [Double?]?
  /// The image in a few numbers, by which copies are found; nil for an even one, and in caches of programs that did not look.
  package var pattern: ImagePattern?
  /// The same, of its voxels' order along rows; nil for one of few voxels, and in caches of programs that did not look.
  package var order: VoxelOrder?
  /// Between which values all but a few voxels of the image lie, where those few lie far beyond; nil: none do, or nobody looked.
  package var bulk: [Double]?
  /// What is odd about where the image's header puts its voxels; nil: nothing, or nobody looked.
  package var placement: Placement?
  /// What `lowest`, `highest` and `isBlank` say, of each channel besides the first. Nil where there are none, and in
  /// caches of programs that did not look.
  package var further: [ChannelFacts]?

  package init(
    name: String, present: [Bool], spacing: [Double], imageDigest: String, source: String, extent: Extent3,
    structures: [StructureVoxels], lowest: Double, highest: Double, isBlank: Bool
  ) {
    (self.name, self.present, self.spacing, self.imageDigest) = (name, present, spacing, imageDigest)
    (self.source, self.extent, self.structures) = (source, extent, structures)
    (self.lowest, self.highest, self.isBlank) = (lowest, highest, isBlank)
  }
}

/// What is known of one channel of an image.
package struct ChannelFacts: Codable, Hashable, Sendable {
  /// Its smallest and largest value.
  package var lowest: Double
  package var highest: Double
  /// Whether a few extreme values leave nothing to be seen of the rest.
  package var isBlank: Bool
  /// The third moment of its values over the third power of their standard deviation: above 0 where most are dark and a few
  /// bright, and of an inverted image the negative. Nil where nobody looked.
  package var skew: Double?
  /// How uneven it is within structures, as `CaseFacts` says it; nil where nobody looked.
  package var unevenness: Double?
  /// Between which values all but a few of its voxels lie, as `CaseFacts` says it.
  package var bulk: [Double]?

  package init(
    lowest: Double, highest: Double, isBlank: Bool, skew: Double? = nil, unevenness: Double? = nil,
    bulk: [Double]? = nil
  ) {
    (self.lowest, self.highest, self.isBlank) = (lowest, highest, isBlank)
    (self.skew, self.unevenness, self.bulk) = (skew, unevenness, bulk)
  }
}

extension CaseFacts {
  /// Of a channel by its place; nil where it is not known.
  func channel(_ place: Int) -> ChannelFacts? {
    if place == 0 {
      return ChannelFacts(
        lowest: lowest, highest: highest, isBlank: isBlank, skew: skew, unevenness: unevenness, bulk: bulk)
    }
    return further.flatMap { $0.indices.contains(place - 1) ? $0[place - 1] : nil }
  }
}

extension ChannelFacts {
  /// Of all values of a channel, to four digits; nil for equal ones.
  package static func skew(of values: [Double]) -> Double? {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let (second, third) = values.reduce(into: (0.0, 0.0)) { sums, value in
      let apart = value - mean
      sums.0 += apart * apart
      sums.1 += apart * apart * apart
    }
    let skew = third / count / (second / count * (second / count).squareRoot())
    return skew.isFinite ? (skew * 1e4).rounded() / 1e4 : nil
  }
}

/// Of one structure of one mask, how many voxels there are and what preprocessing leaves of them.
package struct StructureVoxels: Codable, Hashable, Sendable {
  /// In the mask.
  package var found = 0
  /// Beside the middle half that `crop` keeps.
  package var cropped = 0
  /// In slices that `size` drops.
  package var sliced = 0
  /// Those that have a voxel of the structure within one voxel of themselves on the network's grid; what is neither
  /// cropped nor sliced nor kept was lost in resampling.
  package var kept = 0

  package init(found: Int = 0, cropped: Int = 0, sliced: Int = 0, kept: Int = 0) {
    (self.found, self.cropped, self.sliced, self.kept) = (found, cropped, sliced, kept)
  }

  /// Nil for a structure that the mask does not have.
  package var share: Double? { found > 0 ? Double(kept) / Double(found) : nil }

  // Stored as four numbers: a dataset has many of them.
  package init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    func next() throws -> Int { try values.decode(Int.self) }
    self.init(found: try next(), cropped: try next(), sliced: try next(), kept: try next())
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    for value in [found, cropped, sliced, kept] { try values.encode(value) }
  }
}

extension PreprocessingSteps {
  /// What becomes of each structure's voxels.
  ///
  /// - Parameters:
  ///   - labels: classes on the image's grid.
  ///   - prepared: the same on the network's grid.
  func voxels(of labels: Grid3<UInt8>, prepared: Grid3<UInt8>, structures: Int) -> [StructureVoxels] {
    let depths = places(original.depth, from: box.depth, count: box.extent.depth, resampled.depth, offset: padding)
    let heights = places(original.height, from: box.height, count: box.extent.height, resampled.height)
    let widths = places(original.width, from: box.width, count: box.extent.width, resampled.width)
    var counts = [StructureVoxels](repeating: StructureVoxels(), count: structures)
    var position = 0
    for d in 0..<original.depth {
      for h in 0..<original.height {
        for w in 0..<original.width {
          let label = labels.values[position]
          position += 1
          guard label > 0, Int(label) <= structures else { continue }
          let structure = Int(label) - 1
          counts[structure].found += 1
          guard let column = widths[w] else {
            counts[structure].cropped += 1
            continue
          }
          guard let slice = depths[d], let row = heights[h] else {
            counts[structure].sliced += 1
            continue
          }
          if prepared.holds(label, near: slice, row, column) { counts[structure].kept += 1 }
        }
      }
    }
    return counts
  }

  /// For each index of an axis, the one of the network's grid in which its centre lies; nil where it is dropped.
  private func places(_ length: Int, from first: Int, count: Int, _ resampled: Int, offset: Int = 0) -> [Int?] {
    (0..<length).map { index in
      let inside = index - first
      guard (0..<count).contains(inside) else { return nil }
      return offset + min((2 * inside + 1) * resampled / (2 * count), resampled - 1)
    }
  }

  /// Whether the image lies flat but for a few extremes: half a per cent of it is left out at either end, and the rest
  /// spans less than a quarter of the standard deviation of all.
  func isBlank(_ image: Grid3<Float>) -> Bool {
    let slice = image.extent.height * image.extent.width
    let content = image.values[(padding * slice)..<((padding + resampled.depth) * slice)]
    let count = Double(content.count)
    let mean = content.reduce(0.0) { $0 + Double($1) } / count
    let squares = content.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    // Every so-manyth voxel is enough to know where the bulk lies.
    let step = max(content.count / 20_000, 1)
    let sample = stride(from: content.startIndex, to: content.endIndex, by: step).map { Double(content[$0]) }.sorted()
    let cut = sample.count > 2 ? max(sample.count / 200, 1) : 0
    return sample[sample.count - 1 - cut] - sample[cut] < 0.25 * (squares / count).squareRoot()
  }
}

extension Grid3 where Element == UInt8 {
  /// Whether a voxel, or one of its 26 neighbours, holds a label.
  fileprivate func holds(_ label: UInt8, near d: Int, _ h: Int, _ w: Int) -> Bool {
    if self[d, h, w] == label { return true }
    for depth in max(d - 1, 0)...min(d + 1, extent.depth - 1) {
      for height in max(h - 1, 0)...min(h + 1, extent.height - 1) {
        for width in max(w - 1, 0)...min(w + 1, extent.width - 1) where self[depth, height, width] == label {
          return true
        }
      }
    }
    return false
  }
}
