import Compute
import Foundation

/// Tensors that a script in `Golden` wrote with `Tests/golden.py`: what another implementation computed.
///
/// Little-endian: "GOLDEN01", count, then for every tensor the length of its name, the name in UTF-8, its rank, its
/// sides (all UInt32) and its values (Float32).
package struct GoldenFile {
  package let tensors: [String: NamedTensor]

  package init(_ url: URL) throws {
    var reader = Reader(data: try Data(contentsOf: url))
    guard try reader.bytes(8) == Data("GOLDEN01".utf8) else { throw GoldenFileError.notGolden(url.lastPathComponent) }
    let list = try (0..<reader.number()).map { _ in try reader.tensor() }
    guard reader.isAtEnd else { throw GoldenFileError.trailingBytes(url.lastPathComponent) }
    tensors = Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0) })
  }

  /// `Golden/<name>.golden` of a test target: pass `Bundle.module`.
  package init(_ name: String, in bundle: Bundle) throws {
    try self.init(bundle.bundleURL.appendingPathComponent("Golden/\(name).golden"))
  }

  package subscript(name: String) -> NamedTensor {
    get throws {
      guard let tensor = tensors[name] else { throw GoldenFileError.missing(name, has: tensors.keys.sorted()) }
      return tensor
    }
  }
}

package enum GoldenFileError: Error, Equatable {
  case notGolden(String)
  case truncated
  case trailingBytes(String)
  case missing(String, has: [String])
}

private struct Reader {
  let data: Data
  var offset = 0
  var isAtEnd: Bool { offset == data.count }

  mutating func bytes(_ count: Int) throws -> Data {
    guard count <= data.count - offset else { throw GoldenFileError.truncated }
    defer { offset += count }
    return data.subdata(in: offset..<offset + count)
  }

  mutating func number() throws -> Int {
    Int(UInt32(littleEndian: try bytes(4).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }))
  }

  mutating func tensor() throws -> NamedTensor {
    let name = String(decoding: try bytes(try number()), as: UTF8.self)
    let shape = try (0..<number()).map { _ in try number() }
    let raw = try bytes(shape.reduce(1, *) * 4)
    let values = raw.withUnsafeBytes { raw in
      (0..<raw.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
    return NamedTensor(name: name, shape: shape, values: values)
  }
}
