/// CRC-32 as in zlib, gzip and PNG (ISO 3309: polynomial 0xEDB88320 reflected, all ones before and after).
///
/// It finds every single flipped bit and every burst of up to 32 bits: enough for one line of text. Whole files, which
/// are longer and must also be told from other files, are guarded by SHA-256 instead.
package struct CRC32: Sendable {
  private var register: UInt32 = 0xFFFF_FFFF

  package init() {}

  package var value: UInt32 { ~register }

  /// Eight lower-case hexadecimal digits.
  package var hexadecimal: String {
    withUnsafeBytes(of: value.bigEndian) { $0.hex }
  }

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    // What lies in one piece is read as memory: a sequence of Data's costs ten times as much.
    if bytes.withContiguousStorageIfAvailable({ add($0) }) == nil { Array(bytes).withUnsafeBufferPointer { add($0) } }
  }

  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    var register = register
    Self.table.withUnsafeBufferPointer { table in
      for byte in bytes { register = table[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ (register >> 8) }
    }
    self.register = register
  }

  package static func of(_ bytes: some Sequence<UInt8>) -> CRC32 {
    var checksum = CRC32()
    checksum.update(bytes)
    return checksum
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }
}
