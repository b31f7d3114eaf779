import Compute
import Crypto
import Foundation

/// A prepared case on disk, little-endian:
///
/// | bytes | content |
/// |---|---|
/// | 8 | "SAFNETPC" |
/// | 4 | format version, 2 |
/// | 4 | n, the length of the description |
/// | n | description: JSON of the cache's key, the extent, and the case's facts |
/// | 0–63 | zeros, so that the image begins at a multiple of 64 |
/// | 4 · D · H · W each | the image's channels, single precision |
/// | D · H · W | labels |
/// | 32 | SHA-256 of all bytes before |
enum PreparedCaseFile {
  static let magic = Data("SAFNETPC".utf8)
  static let version: UInt32 = 2

  private struct Description: Codable {
    /// Of the cache: dataset, labels and preprocessing.
    var key: String
    /// Of the network's grid.
    var extent: Extent3
    var facts: CaseFacts
    /// Nil: one.
    var channels: Int?
  }

  /// Bytes of a file of so many voxels at most: descriptions are short.
  static func mostBytes(voxels: Int, channels: Int) -> Int { (4 * channels + 1) * voxels + 1 << 20 }

  /// - Parameter key: the cache's that the case belongs to.
  static func encode(_ one: CaseCheck.Checked, key: String) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let description = try encoder.encode(
      Description(
        key: key, extent: one.prepared.image.extent, facts: one.facts,
        channels: one.prepared.further.isEmpty ? nil : one.prepared.channels.count))
    var data = magic
    for word in [version, UInt32(description.count)] { data.append(contentsOf: littleEndianBytes(word)) }
    data += description
    data += Data(count: padding(after: data.count))
    for channel in one.prepared.channels { channel.values.withUnsafeBytes { data.append(contentsOf: $0) } }
    data.append(contentsOf: one.prepared.labels.values)
    data.append(contentsOf: SHA256.hash(data: data))
    return data
  }

  /// - Parameters:
  ///   - key: the cache's; a case of another one is refused.
  ///   - ignores: whether voxels may be `ignoredLabel`.
  ///   - file: named in errors.
  static func decode(
    _ data: Data, key: String, ignores: Bool, file: String
  ) throws(CacheError) -> CaseCheck.Checked {
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
      description.facts.spacing.count == 3
    else { throw .damaged(file: file, reason: "its description is unreadable") }
    guard description.key == key else { throw .foreign(file: file) }
    let prepared = try grids(description, in: body, from: end + padding(after: end), ignores: ignores, file: file)
    return CaseCheck.Checked(prepared: prepared, facts: description.facts)
  }

  private static func grids(
    _ description: Description, in body: Data, from start: Int, ignores: Bool, file: String
  ) throws(CacheError) -> PreparedCase {
    let extent = description.extent
    // Bounded first, so that the product cannot overflow.
    let sides = [extent.depth, extent.height, extent.width]
    guard sides.allSatisfy({ (1...1 << 20).contains($0) }) else {
      throw .damaged(file: file, reason: "its extent is \(extent)")
    }
    let voxels = extent.count
    let channels = description.channels ?? 1
    guard (1...ChannelName.most).contains(channels), body.count == start + (4 * channels + 1) * voxels else {
      throw .damaged(file: file, reason: "its length does not fit \(extent) voxels")
    }
    let labels = Array(body[(start + 4 * channels * voxels)...])
    let facts = description.facts
    guard labels.allSatisfy({ $0 <= facts.present.count || (ignores && $0 == ignoredLabel) }) else {
      throw .damaged(file: file, reason: "it holds a label above \(facts.present.count)")
    }
    let images = (0..<channels).map { channel in
      let start = start + 4 * channel * voxels
      return Grid3(
        extent,
        values: [Float](unsafeUninitializedCapacity: voxels) { buffer, count in
          body.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(
              from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 4 * voxels)]))
          }
          count = voxels
        })
    }
    let spacing = facts.spacing
    return PreparedCase(
      name: facts.name, image: images[0], further: Array(images.dropFirst()),
      labels: Grid3(extent, values: labels),
      spacing: SIMD3(spacing[0], spacing[1], spacing[2]), present: facts.present)
  }

  private static func padding(after count: Int) -> Int { (64 - count % 64) % 64 }

  private static func littleEndianBytes(_ word: UInt32) -> [UInt8] {
    withUnsafeBytes(of: word.littleEndian) { Array($0) }
  }

  private static func word(_ data: Data, at offset: Int) -> UInt32 {
    data[offset..<(offset + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
