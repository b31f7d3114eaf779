import Compute
import Crypto
import Foundation
import System

extension Checkpoint {
  /// SHA-256 (hex) of what a prediction rests on: names, shapes and values of `parameters` and `statistics`, in order of
  /// their names. Where and by which program the checkpoint was written changes nothing.
  package var weightsDigest: String {
    var sum = SHA256()
    for section in ["parameters", "statistics"] {
      for tensor in (sections[section] ?? []).sorted(by: { $0.name < $1.name }) {
        sum.update(data: Data("\(section) \(tensor.name) \(tensor.shape)\n".utf8))
        tensor.values.withUnsafeBytes { sum.update(bufferPointer: $0) }
      }
    }
    return sum.finalize().hex
  }
}
