import Foundation
import Protobuf
import Testing

/// The examples of protobuf.dev/programming-guides/encoding, and what they leave out.
@Suite struct ProtobufWriterTests {
  private func bytes(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var writer = ProtobufWriter()
    body(&writer)
    return Array(writer.data)
  }

  @Test func numbersAreVarints() {
    #expect(bytes { $0.integer(1, 150) } == [0x08, 0x96, 0x01])
    #expect(bytes { $0.integer(1, -2) } == [0x08, 0xFE] + Array(repeating: 0xFF, count: 8) + [0x01])
    #expect(bytes { $0.integer(16, 0) } == [0x80, 0x01, 0x00])
    #expect(bytes { $0.integers(2, [3, 270]) } == [0x10, 0x03, 0x10, 0x8E, 0x02])
    #expect(bytes { $0.packed(4, [3, 270, 86942]) } == [0x22, 0x06, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05])
  }

  @Test func realNumbersBeginWithTheirLowestByte() {
    #expect(bytes { $0.float(2, 1.5) } == [0x15, 0, 0, 0xC0, 0x3F])
    #expect(bytes { $0.double(1, 1.5) } == [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F])
  }

  @Test func textAndMessagesAreCounted() {
    #expect(bytes { $0.string(2, "testing") } == [0x12, 0x07] + Array("testing".utf8))
    #expect(bytes { $0.message(3) { $0.integer(1, 150) } } == [0x1A, 0x03, 0x08, 0x96, 0x01])
    let long = bytes { $0.bytes(2, Data(repeating: 7, count: 300)) }
    #expect(long.prefix(3) == [0x12, 0xAC, 0x02] && long.count == 303)
  }
}
