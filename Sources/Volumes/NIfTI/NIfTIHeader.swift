/// The fields of a NIfTI-1 or NIfTI-2 header that decide where its voxels are and what they mean, as stored: nothing
/// here is checked yet (see `NIfTIHeader.check`).
///
/// Source: nifti1.h and nifti2.h of the NIfTI Data Format Working Group; the offsets below are theirs.
package struct NIfTIHeader: Hashable, Sendable {
  package enum Version: Int, Hashable, Sendable {
    case one = 1
    case two = 2

    package var headerBytes: Int { self == .one ? 348 : 540 }
    /// Where voxels may begin in a file that holds both: after the header and the four bytes that announce extensions.
    package var firstOffset: Int { headerBytes + 4 }
  }

  package var version: Version
  package var bigEndian: Bool
  /// The magic's bytes up to the first zero or line end.
  package var magic: String
  /// NIfTI-2's magic goes on with line ends that a transfer in text mode would have changed; always true in NIfTI-1.
  package var lineEndsAreIntact: Bool
  /// dim[0] is the number of dimensions; dim[1] ... dim[7] their lengths.
  package var dimensions: [Int]
  package var datatype: Int
  package var bits: Int
  package var pixelSizes: [Double]
  /// What the file says of itself, up to the first zero; empty where that is no text.
  package var description: String
  package var offset: Double
  package var slope: Double
  package var intercept: Double
  package var units: Int
  package var qformCode: Int
  package var sformCode: Int
  package var quaternion: [Double]
  package var quaternionOffset: [Double]
  /// Three rows of four.
  package var sform: [[Double]]

  /// The format and byte order that the first four bytes announce; nil when they announce neither.
  package static func format(of bytes: [UInt8]) -> (version: Version, bigEndian: Bool)? {
    guard bytes.count >= 4 else { return nil }
    for bigEndian in [false, true] {
      switch HeaderBytes(bytes: bytes, bigEndian: bigEndian).int32(0) {
      case 348: return (.one, bigEndian)
      case 540: return (.two, bigEndian)
      default: continue
      }
    }
    return nil
  }

  /// Reads a whole header; the bytes must be at least `version.headerBytes`.
  package init(_ bytes: [UInt8], version: Version, bigEndian: Bool) {
    precondition(bytes.count >= version.headerBytes, "\(bytes.count) bytes are no header of \(version.headerBytes)")
    let fields = HeaderBytes(bytes: bytes, bigEndian: bigEndian)
    self = version == .one ? Self(one: fields) : Self(two: fields)
  }

  private init(one fields: HeaderBytes) {
    version = .one
    bigEndian = fields.bigEndian
    magic = fields.text(344, count: 4)
    lineEndsAreIntact = true
    dimensions = (0..<8).map { fields.int16(40 + 2 * $0) }
    datatype = fields.int16(70)
    bits = fields.int16(72)
    pixelSizes = fields.floats(76, count: 8)
    description = fields.words(148, count: 80)
    offset = fields.float(108)
    slope = fields.float(112)
    intercept = fields.float(116)
    units = Int(fields.bytes[123])
    qformCode = fields.int16(252)
    sformCode = fields.int16(254)
    quaternion = fields.floats(256, count: 3)
    quaternionOffset = fields.floats(268, count: 3)
    sform = [280, 296, 312].map { fields.floats($0, count: 4) }
  }

  private init(two fields: HeaderBytes) {
    version = .two
    bigEndian = fields.bigEndian
    magic = fields.text(4, count: 4)
    lineEndsAreIntact = fields.bytes[7..<12] == [0, 13, 10, 26, 10]
    dimensions = (0..<8).map { fields.int64(16 + 8 * $0) }
    datatype = fields.int16(12)
    bits = fields.int16(14)
    pixelSizes = fields.doubles(104, count: 8)
    description = fields.words(240, count: 80)
    offset = Double(fields.int64(168))
    slope = fields.double(176)
    intercept = fields.double(184)
    units = fields.int32(500)
    qformCode = fields.int32(344)
    sformCode = fields.int32(348)
    quaternion = fields.doubles(352, count: 3)
    quaternionOffset = fields.doubles(376, count: 3)
    sform = [400, 432, 464].map { fields.doubles($0, count: 4) }
  }

  /// i, j, k lengths; axes that a header of fewer dimensions does not give have length 1.
  package var shape: [Int] { (1...3).map { $0 <= dimensions[0] ? dimensions[$0] : 1 } }
}

/// Numbers at byte positions of a header, in its byte order.
struct HeaderBytes {
  var bytes: [UInt8]
  var bigEndian: Bool

  private func integer<T: FixedWidthInteger>(_ offset: Int, _: T.Type) -> T {
    let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) }
    return bigEndian ? T(bigEndian: raw) : T(littleEndian: raw)
  }

  func int16(_ offset: Int) -> Int { Int(integer(offset, Int16.self)) }
  func int32(_ offset: Int) -> Int { Int(integer(offset, Int32.self)) }
  func int64(_ offset: Int) -> Int { Int(integer(offset, Int64.self)) }
  func float(_ offset: Int) -> Double { Double(Float(bitPattern: integer(offset, UInt32.self))) }
  func double(_ offset: Int) -> Double { Double(bitPattern: integer(offset, UInt64.self)) }
  func floats(_ offset: Int, count: Int) -> [Double] { (0..<count).map { float(offset + 4 * $0) } }
  func doubles(_ offset: Int, count: Int) -> [Double] { (0..<count).map { double(offset + 8 * $0) } }

  /// Text in UTF-8 up to the first zero; empty where it is none.
  func words(_ offset: Int, count: Int) -> String {
    String(validating: bytes[offset..<(offset + count)].prefix { $0 != 0 }, as: UTF8.self) ?? ""
  }

  /// Printable characters up to the first that is not.
  func text(_ offset: Int, count: Int) -> String {
    let printable = bytes[offset..<(offset + count)].prefix { $0 >= 32 && $0 < 127 }
    return String(decoding: printable, as: UTF8.self)
  }
}
