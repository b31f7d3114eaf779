import Compute
import Crypto
import System

/// One case as the network sees it.
package struct PreparedCase: Sendable, Equatable {
  package var name: String
  /// The first channel.
  package var image: Grid3<Float>
  /// The other channels, on the same grid, each normalised by itself.
  package var further: [Grid3<Float>]
  /// Class indices, 0 is background.
  package var labels: Grid3<UInt8>
  /// Millimetres between voxel centres along D, H, W.
  package var spacing: SIMD3<Double>
  /// For each structure of the label map (without background): has it a voxel in `labels`?
  package var present: [Bool]

  package init(
    name: String, image: Grid3<Float>, further: [Grid3<Float>] = [], labels: Grid3<UInt8>, spacing: SIMD3<Double>,
    present: [Bool]
  ) {
    precondition(further.allSatisfy { $0.extent == image.extent }, "\(name): channels of different extents")
    self.further = further
    precondition(image.extent == labels.extent, "\(name): image \(image.extent), labels \(labels.extent)")
    (self.name, self.image, self.labels, self.spacing, self.present) = (name, image, labels, spacing, present)
  }

  /// All of them, in the order of the network's input.
  package var channels: [Grid3<Float>] { [image] + further }

  /// SHA-256 (hex) of the image: equal for two files that hold the same picture, however they are packed or scaled.
  package var imageDigest: String { channels.digest }
}

extension [Grid3<Float>] {
  /// SHA-256 (hex) over the values of one channel after the other.
  var digest: String {
    var sum = SHA256()
    for channel in self { channel.values.withUnsafeBytes { sum.update(bufferPointer: $0) } }
    return sum.finalize().hex
  }
}

extension Grid3<UInt8> {
  /// SHA-256 (hex) over all values.
  var digest: String { values.withUnsafeBytes { SHA256.hash(data: $0) }.hex }
}
