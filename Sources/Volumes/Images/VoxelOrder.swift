import Compute
import Foundation

/// Which of two neighbouring voxels is the brighter, along all rows of an image, in a few hashes. A crop, a mirror image and
/// any curve of brightness (gamma) keep most of them; other images, of noise of their own, have none in common.
///
/// The least hashes of all stretches are kept, so that two images keep the same ones as far as they share stretches: their
/// share is that of all stretches (Broder 1997, On the resemblance and containment of documents).
package struct VoxelOrder: Hashable, Sendable {
  /// Comparisons of a stretch: random ones would agree once in a million million.
  private static let stretch = 40
  private static let kept = 64
  /// In order, each once.
  package private(set) var hashes: [UInt32]

  /// Nil for an image with too few stretches in which no two neighbours are equal.
  package init?(_ image: Grid3<Double>) {
    var least: [UInt32] = []
    let width = image.extent.width
    image.values.withUnsafeBufferPointer { values in
      for row in stride(from: 0, to: values.count, by: max(width, 1)) {
        Self.take(UnsafeBufferPointer(rebasing: values[row..<(row + width)]), &least)
      }
    }
    guard least.count == Self.kept else { return nil }
    hashes = least
  }

  private static func take(_ row: UnsafeBufferPointer<Double>, _ least: inout [UInt32]) {
    let mask: UInt64 = 1 << stretch - 1
    // The stretch as it is read, and as it is read from the other end.
    var (there, back, length): (UInt64, UInt64, Int) = (0, 0, 0)
    for (value, next) in zip(row, row.dropFirst()) {
      guard value != next else {
        length = 0
        continue
      }
      let rises: UInt64 = next > value ? 1 : 0
      there = (there << 1 | rises) & mask
      back = back >> 1 | (1 - rises) << (stretch - 1)
      length += 1
      guard length >= stretch else { continue }
      let hash = hash(min(there, back))
      if least.count < kept || hash < least[kept - 1] { insert(hash, into: &least) }
    }
  }

  /// The mixing function of SplitMix64 (Steele, Lea and Flood 2014).
  private static func hash(_ stretch: UInt64) -> UInt32 {
    var bits = (stretch &+ 1) &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return UInt32(truncatingIfNeeded: (bits ^ bits >> 31) >> 32)
  }

  private static func insert(_ hash: UInt32, into least: inout [UInt32]) {
    let place = least.firstIndex { $0 >= hash } ?? least.count
    guard place == least.count || least[place] != hash else { return }
    least.insert(hash, at: place)
    if least.count > kept { least.removeLast() }
  }

  /// Which part of the stretches of both is in both, of 0 to 1.
  func share(with other: VoxelOrder) -> Double {
    let (own, others) = (Set(hashes), Set(other.hashes))
    let least = own.union(others).sorted().prefix(Self.kept)
    return Double(least.count { own.contains($0) && others.contains($0) }) / Double(Self.kept)
  }
}

/// As one text: a dataset has many of them.
extension VoxelOrder: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let bytes = [UInt8](try container.decode(Data.self))
    guard bytes.count == 4 * Self.kept else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(bytes.count) bytes")
    }
    hashes = stride(from: 0, to: bytes.count, by: 4).map { start in
      bytes[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Data(hashes.flatMap { hash in [24, 16, 8, 0].map { UInt8(hash >> $0 & 255) } }))
  }
}
