import Compute
import Foundation
import JSON

/// Tensors as `safetensors` reads them (github.com/huggingface/safetensors): the header's length in eight bytes, the header
/// in JSON, then all numbers one after the other, little-endian. Nothing in it can be executed, as in a pickle.
package enum Safetensors {
  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - tensors: `num_batches_tracked` as `int64`, as PyTorch counts; everything else as `float32`.
  ///   - notes: further words, by key.
  package static func data(_ tensors: [NamedTensor], notes: [(key: String, value: String)] = []) -> Data {
    var (numbers, offset) = (Data(), 0)
    var members: [(String, JSONValue)] = [
      ("__metadata__", .object([("format", "pt")] + notes.map { ($0.key, .string($0.value)) }))
    ]
    for tensor in tensors {
      let isCount = tensor.name.hasSuffix("num_batches_tracked")
      let bytes =
        isCount
        ? tensor.values.map { Int64($0) }.withUnsafeBytes { Data($0) } : tensor.values.withUnsafeBytes { Data($0) }
      let entry: [(String, JSONValue)] = [
        ("dtype", .string(isCount ? "I64" : "F32")), ("shape", .integers(tensor.shape)),
        ("data_offsets", .integers([offset, offset + bytes.count])),
      ]
      members.append((tensor.name, .object(entry)))
      numbers += bytes
      offset += bytes.count
    }
    var header = Data(CanonicalJSON.text(.object(members)).utf8)
    // So that the numbers begin at a multiple of eight bytes.
    header += Data(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + numbers
  }
}
