import Testing

import System

@Suite struct CRC32Tests {
  /// The check value of the catalogue of CRCs (CRC-32/ISO-HDLC).
  @Test func catalogueValue() {
    #expect(CRC32.of(Array("123456789".utf8)).value == 0xCBF4_3926)
    #expect(CRC32.of([]).value == 0)
  }

  /// The check value of CRC-32C, and RFC 3720's 32 zeros.
  @Test func castagnolisPolynomial() {
    #expect(CRC32.of(Array("123456789".utf8), .castagnoli).value == 0xE306_9283)
    #expect(CRC32.of(Array(repeating: 0, count: 32), .castagnoli).value == 0x8A91_36AA)
  }

  @Test func hexadecimalKeepsLeadingZeros() {
    // zlib.crc32(b"\x00\x33") in Python
    let text = CRC32.of(Array("11".utf8)).hexadecimal
    #expect(text.count == 8)
    #expect(UInt32(text, radix: 16) == CRC32.of(Array("11".utf8)).value)
  }

  @Test func piecesGiveTheWhole() {
    var pieces = CRC32()
    pieces.update(Array("1234".utf8))
    pieces.update(Array("56789".utf8))
    #expect(pieces.hexadecimal == "cbf43926")
  }
}
