import Compute
import Crypto
import Foundation

/// A prepared case on disk, little-endian:
///
/// | bytes | content |
/// |---|---|
/// | 8 | "SAFNETPC" |
/// | 4 | format version, 1 |
/// | 4 | n, the length of the description |
/// | n | description: JSON of name, extent, spacing, present |
/// | 0–63 | zeros, so that the image begins at a multiple of 64 |
/// | 4 · D · H · W | image, single precision |
/// | D · H · W | labels |
/// | 32 | SHA-256 of all bytes before |
enum PreparedCaseFile {
  static let magic = Data("SAFNETPC".utf8)
  static let version: UInt32 = 1

  private struct Description: Codable {
    var name: String
    var extent: Extent3
    var spacing: [Double]
    var present: [Bool]
  }

  static func encode(_ one: PreparedCase) throws -> Data {
    let spacing = [one.spacing.x, one.spacing.y, one.spacing.z]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let description = try encoder.encode(
      Description(name: one.name, extent: one.image.extent, spacing: spacing, present: one.present))
    var data = magic
    for word in [version, UInt32(description.count)] { data.append(contentsOf: littleEndianBytes(word)) }
    data += description
    data += Data(count: padding(after: data.count))
    one.image.values.withUnsafeBytes { data.append(contentsOf: $0) }
    data.append(contentsOf: one.labels.values)
    data.append(contentsOf: SHA256.hash(data: data))
    return data
  }

  /// - Parameter file: named in errors.
  static func decode(_ data: Data, file: String) throws(CacheError) -> PreparedCase {
    let data = data.startIndex == 0 ? data : Data(data)
    guard data.count > 48, data.prefix(8) == magic else { throw .damaged(file: file, reason: "not a prepared case") }
    let found = word(data, at: 8)
    guard found == version else { throw .otherVersion(file: file, found: Int(found), wanted: Int(version)) }
    let body = data.prefix(data.count - 32)
    guard SHA256.hash(data: body).elementsEqual(data.suffix(32)) else {
      throw .damaged(file: file, reason: "its checksum differs")
    }
    let end = 16 + Int(word(data, at: 12))
    guard end <= body.count,
      let description = try? JSONDecoder().decode(Description.self, from: body[16..<end]),
      description.spacing.count == 3
    else { throw .damaged(file: file, reason: "its description is unreadable") }
    return try grids(description, in: body, from: end + padding(after: end), file: file)
  }

  private static func grids(
    _ description: Description, in body: Data, from start: Int, file: String
  ) throws(CacheError) -> PreparedCase {
    let extent = description.extent
    // Bounded first, so that the product cannot overflow.
    let sides = [extent.depth, extent.height, extent.width]
    guard sides.allSatisfy({ (1...1 << 20).contains($0) }) else {
      throw .damaged(file: file, reason: "its extent is \(extent)")
    }
    let voxels = extent.count
    guard body.count == start + 5 * voxels else {
      throw .damaged(file: file, reason: "its length does not fit \(extent) voxels")
    }
    let labels = Array(body[(start + 4 * voxels)...])
    guard labels.allSatisfy({ $0 <= description.present.count }) else {
      throw .damaged(file: file, reason: "it holds a label above \(description.present.count)")
    }
    let image = [Float](unsafeUninitializedCapacity: voxels) { buffer, count in
      body.withUnsafeBytes { bytes in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 4 * voxels)]))
      }
      count = voxels
    }
    let spacing = description.spacing
    return PreparedCase(
      name: description.name, image: Grid3(extent, values: image),
      labels: Grid3(extent, values: labels),
      spacing: SIMD3(spacing[0], spacing[1], spacing[2]), present: description.present)
  }

  private static func padding(after count: Int) -> Int { (64 - count % 64) % 64 }

  private static func littleEndianBytes(_ word: UInt32) -> [UInt8] {
    withUnsafeBytes(of: word.littleEndian) { Array($0) }
  }

  private static func word(_ data: Data, at offset: Int) -> UInt32 {
    data[offset..<(offset + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
