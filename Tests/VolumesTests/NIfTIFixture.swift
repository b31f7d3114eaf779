import Foundation

/// A small sound NIfTI file written byte by byte, and ways to spoil it.
struct NIfTIFixture {
  var bytes: [UInt8]
  let version: Int
  let bigEndian: Bool

  /// int16 voxels 0, 1, 2 ... on a grid of 3 x 5 x 4, spacing 0.5 x 0.75 x 4 mm, axes R, A, S.
  init(version: Int = 1, bigEndian: Bool = false, shape: [Int] = [3, 5, 4]) {
    (self.version, self.bigEndian) = (version, bigEndian)
    bytes = [UInt8](repeating: 0, count: version == 1 ? 352 : 544)
    if version == 1 { fillOne(shape) } else { fillTwo(shape) }
    for voxel in 0..<max(shape.prefix(3).reduce(1, *), 0) { append(Int16(truncatingIfNeeded: voxel)) }
  }

  private mutating func fillOne(_ shape: [Int]) {
    put(348 as Int32, at: 0)
    for (index, length) in ([shape.count] + shape).enumerated() { put(Int16(length), at: 40 + 2 * index) }
    put(4 as Int16, at: 70)
    put(16 as Int16, at: 72)
    for (index, size) in [1, 0.5, 0.75, 4].enumerated() { put(Float(size).bitPattern, at: 76 + 4 * index) }
    put(Float(352).bitPattern, at: 108)
    put(1 as Int16, at: 254)
    for (index, value) in Self.rows.enumerated() { put(Float(value).bitPattern, at: 280 + 4 * index) }
    bytes.replaceSubrange(344..<348, with: Array("n+1".utf8) + [0])
  }

  private mutating func fillTwo(_ shape: [Int]) {
    put(540 as Int32, at: 0)
    bytes.replaceSubrange(4..<12, with: Array("n+2".utf8) + [0, 13, 10, 26, 10])
    put(4 as Int16, at: 12)
    put(16 as Int16, at: 14)
    for (index, length) in ([shape.count] + shape).enumerated() { put(Int64(length), at: 16 + 8 * index) }
    for (index, size) in [1, 0.5, 0.75, 4].enumerated() { put(size.bitPattern, at: 104 + 8 * index) }
    put(544 as Int64, at: 168)
    put(1 as Int32, at: 348)
    for (index, value) in Self.rows.enumerated() { put(value.bitPattern, at: 400 + 8 * index) }
  }

  private static let rows: [Double] = [0.5, 0, 0, -10, 0, 0.75, 0, 20, 0, 0, 4, 30]

  /// Writes a number in the file's byte order.
  mutating func put<T: FixedWidthInteger>(_ value: T, at offset: Int) {
    withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { raw in
      bytes.replaceSubrange(offset..<(offset + raw.count), with: raw)
    }
  }

  private mutating func append(_ value: Int16) {
    let stored = bigEndian ? value.bigEndian : value.littleEndian
    withUnsafeBytes(of: stored) { bytes.append(contentsOf: $0) }
  }
}

/// One gzip member that stores its content uncompressed (RFC 1952, RFC 1951 §3.2.4).
func gzipMember(_ content: [UInt8]) -> [UInt8] {
  precondition(content.count < 65536, "a stored block holds at most 65535 bytes")
  func word(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
  let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
  let block = [1] + word(content.count, 2) + word(~content.count & 0xffff, 2) + content
  return header + block + word(Int(crc32(content)), 4) + word(content.count, 4)
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0 as UInt32) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
}
