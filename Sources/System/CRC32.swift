/// A checksum of 32 bits by a reflected polynomial, all ones before and after.
///
/// It finds every single flipped bit and every burst of up to 32 bits: enough for one line of text. Whole files, which
/// are longer and must also be told from other files, are guarded by SHA-256 instead.
package struct CRC32: Sendable {
  /// What the bits are divided by, as tables of all bytes: the first of a byte, each other of one that as many zeros follow.
  package struct Polynomial: Sendable {
    fileprivate let tables: [UInt32]

    private init(_ reflected: UInt32) {
      let first = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? reflected ^ (value >> 1) : value >> 1 }
      }
      var (tables, last) = (first, first)
      for _ in 1..<CRC32.stride {
        last = last.map { first[Int($0 & 0xFF)] ^ ($0 >> 8) }
        tables += last
      }
      self.tables = tables
    }

    /// Of zlib, gzip and PNG (ISO 3309).
    package static let zlib = Polynomial(0xEDB8_8320)
    /// CRC-32C, Castagnoli's (RFC 3720).
    package static let castagnoli = Polynomial(0x82F6_3B78)
  }

  private let polynomial: Polynomial
  private var register: UInt32 = 0xFFFF_FFFF

  package init(_ polynomial: Polynomial = .zlib) { self.polynomial = polynomial }

  package var value: UInt32 { ~register }

  /// Eight lower-case hexadecimal digits.
  package var hexadecimal: String {
    withUnsafeBytes(of: value.bigEndian) { $0.hex }
  }

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    // What lies in one piece is read as memory: a sequence of Data's costs ten times as much.
    if bytes.withContiguousStorageIfAvailable({ add($0) }) == nil { Array(bytes).withUnsafeBufferPointer { add($0) } }
  }

  /// Bytes that are divided at once.
  fileprivate static let stride = 8

  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    var (register, place) = (register, 0)
    let raw = UnsafeRawBufferPointer(bytes)
    polynomial.tables.withUnsafeBufferPointer { tables in
      while bytes.count - place >= Self.stride {
        let low = register ^ UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        let high = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self))
        register =
          tables[7 << 8 | Int(low & 0xFF)] ^ tables[6 << 8 | Int(low >> 8 & 0xFF)]
          ^ tables[5 << 8 | Int(low >> 16 & 0xFF)] ^ tables[4 << 8 | Int(low >> 24)]
          ^ tables[3 << 8 | Int(high & 0xFF)] ^ tables[2 << 8 | Int(high >> 8 & 0xFF)]
          ^ tables[1 << 8 | Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
        place += Self.stride
      }
      for byte in bytes[place...] {
        register = tables[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ (register >> 8)
      }
    }
    self.register = register
  }

  package static func of(_ bytes: some Sequence<UInt8>, _ polynomial: Polynomial = .zlib) -> CRC32 {
    var checksum = CRC32(polynomial)
    checksum.update(bytes)
    return checksum
  }
}
