import Compute
import Crypto
import System

/// One case as the network sees it.
package struct PreparedCase: Sendable, Equatable {
  package var name: String
  package var image: Grid3<Float>
  /// Class indices, 0 is background.
  package var labels: Grid3<UInt8>
  /// Millimetres between voxel centres along D, H, W.
  package var spacing: SIMD3<Double>
  /// For each structure of the label map (without background): has it a voxel in `labels`?
  package var present: [Bool]

  package init(
    name: String, image: Grid3<Float>, labels: Grid3<UInt8>, spacing: SIMD3<Double>, present: [Bool]
  ) {
    precondition(image.extent == labels.extent, "\(name): image \(image.extent), labels \(labels.extent)")
    (self.name, self.image, self.labels, self.spacing, self.present) = (name, image, labels, spacing, present)
  }

  /// SHA-256 (hex) of the image: equal for two files that hold the same picture, however they are packed or scaled.
  package var imageDigest: String { image.values.withUnsafeBytes { SHA256.hash(data: $0).hex } }
}
