import Foundation

/// Protocol Buffers' wire format (protobuf.dev/programming-guides/encoding), as far as ONNX, TensorBoard and XLA
/// need it: a
/// field is its key, `number · 8 + wire type`, and its value. Repeated numbers are written one by one, which every reader
/// of either syntax takes.
package struct ProtobufWriter: Sendable {
  /// What has been written so far.
  package private(set) var data = Data()

  /// An empty message.
  package init() {}

  /// How a value lies in the file.
  private enum Wire: UInt64 {
    case varint = 0
    case fixed64 = 1
    case counted = 2
    case fixed32 = 5
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }

  private mutating func key(_ field: Int, _ wire: Wire) { varint(UInt64(field) << 3 | wire.rawValue) }

  /// `int32`, `int64`, `bool` or an enumeration; a negative number takes ten bytes, as the format has it.
  package mutating func integer(_ field: Int, _ value: Int) {
    key(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A repeated `int64`.
  package mutating func integers(_ field: Int, _ values: [Int]) { for value in values { integer(field, value) } }

  /// A repeated number in the packed form of proto3.
  package mutating func packed(_ field: Int, _ values: [Int]) {
    var inner = ProtobufWriter()
    for value in values { inner.varint(UInt64(bitPattern: Int64(value))) }
    bytes(field, inner.data)
  }

  /// `float`: four bytes, the lowest first.
  package mutating func float(_ field: Int, _ value: Float) {
    key(field, .fixed32)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }

  /// `double`: eight bytes, the lowest first.
  package mutating func double(_ field: Int, _ value: Double) {
    key(field, .fixed64)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }

  /// `bytes`.
  package mutating func bytes(_ field: Int, _ value: Data) {
    key(field, .counted)
    varint(UInt64(value.count))
    data.append(value)
  }

  /// `string`, in UTF-8.
  package mutating func string(_ field: Int, _ text: String) { bytes(field, Data(text.utf8)) }

  /// A message within this one.
  package mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    bytes(field, inner.data)
  }
}
