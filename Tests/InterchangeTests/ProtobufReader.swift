import Foundation

/// Reads what `ProtobufWriter` wrote, by the format's own rules: a field's number, and its value as it lies there.
struct ProtobufReader {
  enum Value: Equatable {
    case integer(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    case bytes(Data)
  }

  struct Refusal: Error {}

  let fields: [(number: Int, value: Value)]

  init(_ data: Data) throws {
    var bytes = data[...]
    var fields: [(number: Int, value: Value)] = []
    while !bytes.isEmpty {
      let key = try Self.varint(&bytes)
      let value: Value =
        switch key & 7 {
        case 0: .integer(try Self.varint(&bytes))
        case 1: .fixed64(try Self.take(8, &bytes).reversed().reduce(0) { $0 << 8 | UInt64($1) })
        case 2: .bytes(Data(try Self.take(Int(try Self.varint(&bytes)), &bytes)))
        case 5: .fixed32(try Self.take(4, &bytes).reversed().reduce(0) { $0 << 8 | UInt32($1) })
        default: throw Refusal()
        }
      fields.append((Int(key >> 3), value))
    }
    self.fields = fields
  }

  private static func varint(_ bytes: inout Data) throws -> UInt64 {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while let byte = bytes.popFirst() {
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    throw Refusal()
  }

  private static func take(_ count: Int, _ bytes: inout Data) throws -> Data {
    guard count <= bytes.count else { throw Refusal() }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  func integers(_ number: Int) -> [Int] {
    fields.compactMap { field in
      if field.number == number, case .integer(let value) = field.value {
        Int(Int64(bitPattern: value))
      } else {
        nil
      }
    }
  }

  func bytes(_ number: Int) -> [Data] {
    fields.compactMap { if $0.number == number, case .bytes(let data) = $0.value { data } else { nil } }
  }

  func strings(_ number: Int) -> [String] { bytes(number).map { String(decoding: $0, as: UTF8.self) } }

  func messages(_ number: Int) throws -> [ProtobufReader] { try bytes(number).map { try ProtobufReader($0) } }
}
